#!/bin/sh
# All of it without azd: registration, resources, code, event subscription, smoke test. The next release is the
# same command; run twice, nothing changes. docs/deployment.md tells what to set.
#
#   infra/deploy.sh           everything
#   infra/deploy.sh code      the code alone, and what comes after it
#
# AZURE_ENV_NAME, AZURE_LOCATION   names it, and says where
# ALERT_EMAILS, BUDGET_START, …    what main.bicepparam reads
# PARAMETERS                       another parameter file, such as infra/large.bicepparam
# SKIP_REGISTRATION=1              AUTH_CLIENT_ID is complete, or whoever deploys may not see the directory
# REVISION                         what of the code is deployed: a tag or commit (default: HEAD)
set -eu

here=$(dirname "$0")
what=${1:-all}
: "${AZURE_ENV_NAME:?}" "${AZURE_LOCATION:?}"
export AZURE_ENV_NAME AZURE_LOCATION
deployment="scoreboard-$AZURE_ENV_NAME"

register() {
  [ -n "${SKIP_REGISTRATION:-}" ] || AUTH_CLIENT_ID=$("$here/hooks/register-app.sh")
  export AUTH_CLIENT_ID="${AUTH_CLIENT_ID:?the client id of the app registration, since none is to be made}"
}

provision() {
  az deployment sub create --name "$deployment" --location "$AZURE_LOCATION" \
    --parameters "${PARAMETERS:-$here/main.bicepparam}" --output none
}

outputs() { # NAME…: their values, in this order
  az deployment sub show --name "$deployment" --output tsv \
    --query "properties.outputs.[$(echo "$*" | sed 's/ /.value, /g').value]"
}

if [ "$what" = all ]; then
  : "${ALERT_EMAILS:?who is written to when an alert fires}"
  : "${BUDGET_START:?the first day of the month of the first deployment, and the same ever after}"
  register
  # A new identity's roles may not have arrived when the app first needs them: once more, then.
  provision || { sleep "${RETRY_SECONDS:-60}" && provision; }
fi

names='RESOURCE_GROUP SITE_NAME SITE_URL IDENTITY_PRINCIPAL_ID TOPIC_NAME DATA_ACCOUNT_NAME AUTH_CLIENT_ID'
values=$(outputs $names)
set -- $values
for name in $names; do
  export "$name=${1:?"the deployment $deployment has no output $name"}"
  shift
done
[ "$what" != all ] || register

package=$(mktemp -d)/scoreboard.zip
git -C "$here/.." archive --format=zip --output "$package" "${REVISION:-HEAD}" \
  function_app.py host.json requirements.txt constraints.txt shared
az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$SITE_NAME" \
  --src "$package" --build-remote true --output none
rm -r "$(dirname "$package")"

"$here/hooks/subscribe.sh"
"$here/hooks/smoke-test.sh"
