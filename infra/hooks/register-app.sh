#!/bin/sh
# Makes the app registration scoreboard-<environment> in Entra ID, or brings it up to date, and prints its client
# id. It is found by its name, so running this again makes no second one and changes nothing.
#
#   AZURE_ENV_NAME=prod CALLER_CLIENT_IDS=<front end>,… infra/hooks/register-app.sh
#
# AUTH_CLIENT_ID         another registration that is to be used: it is left as it is
# CALLER_CLIENT_IDS      applications that may call for their users without asking each: the front end
# IDENTITY_PRINCIPAL_ID  once it is known: the app's identity vouches for the registration, in place of a secret
set -eu

here=$(dirname "$0")
graph=${GRAPH_URL:-https://graph.microsoft.com/v1.0}
name="scoreboard-${AZURE_ENV_NAME:?the name of the environment}"

say() { echo "$*" >&2; }

patch() { # FILE
  az rest --method PATCH --url "$graph/applications/$object" --headers Content-Type=application/json --body "@$1" \
    --output none
}

client=$(az ad app list --display-name "$name" --query "[?displayName=='$name'] | [0].appId" --output tsv)
if [ -n "${AUTH_CLIENT_ID:-}" ] && [ "$AUTH_CLIENT_ID" != "$client" ]; then
  say "Using the registration $AUTH_CLIENT_ID as it is; it must have the roles and the scope of app-registration.json."
  echo "$AUTH_CLIENT_ID"
  exit 0
fi
if [ -z "$client" ]; then
  say "Making the app registration $name."
  client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
fi
object=$(az ad app show --id "$client" --query id --output tsv)

az ad app update --id "$client" --identifier-uris "api://$client" --output none
patch "$here/../app-registration.json"

# Only now: an application cannot be pre-authorised for a scope before there is the scope.
if [ -n "${CALLER_CLIENT_IDS:-}" ]; then
  body=$(mktemp)
  trap 'rm -f "$body"' EXIT
  python3 - "$here/../app-registration.json" "$CALLER_CLIENT_IDS" >"$body" <<'PYTHON'
import json, sys

api = json.load(open(sys.argv[1], encoding="utf-8"))["api"]
scopes = [scope["id"] for scope in api["oauth2PermissionScopes"]]
callers = [caller.strip() for caller in sys.argv[2].split(",") if caller.strip()]
api["preAuthorizedApplications"] = [{"appId": one, "delegatedPermissionIds": scopes} for one in callers]
print(json.dumps({"api": api}))
PYTHON
  patch "$body"
fi

# Nobody gets a token without a role.
az ad sp show --id "$client" --query id --output tsv >/dev/null 2>&1 || az ad sp create --id "$client" --output none
az ad sp update --id "$client" --set appRoleAssignmentRequired=true --output none

if [ -n "${IDENTITY_PRINCIPAL_ID:-}" ]; then
  vouching=$(az ad app federated-credential list --id "$client" --query "[?name=='easy-auth'] | [0].subject" --output tsv)
  if [ "$vouching" != "$IDENTITY_PRINCIPAL_ID" ]; then
    [ -z "$vouching" ] || az ad app federated-credential delete --id "$client" --federated-credential-id easy-auth \
      --output none
    issuer="${LOGIN_URL:-https://login.microsoftonline.com}/$(az account show --query tenantId --output tsv)/v2.0"
    az ad app federated-credential create --id "$client" --output none --parameters \
      "{\"name\":\"easy-auth\",\"issuer\":\"$issuer\",\"subject\":\"$IDENTITY_PRINCIPAL_ID\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
  fi
fi

echo "$client"
