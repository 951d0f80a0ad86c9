#!/bin/sh
# azd, after it provisioned: the app's identity is known, and vouches for the registration.
set -eu

"$(dirname "$0")/register-app.sh" >/dev/null
