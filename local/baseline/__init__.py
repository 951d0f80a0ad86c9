"""The security baseline of infra/: checkov, in an environment of its own, for it weighs 300 MB."""
