#!/bin/sh
# Gives somebody one of the app's roles; nothing happens where they have it.
#
#   AUTH_CLIENT_ID=… infra/hooks/assign-role.sh Usage.Read <object id of a group, user or service principal>
set -eu

role=${1:?the role, such as Usage.Read}
somebody=${2:?the object id of who is to have it}
graph=${GRAPH_URL:-https://graph.microsoft.com/v1.0}
app=$(az ad sp show --id "${AUTH_CLIENT_ID:?the client id of the registration}" --query id --output tsv)
id=$(az ad sp show --id "$AUTH_CLIENT_ID" --query "appRoles[?value=='$role'] | [0].id" --output tsv)
[ -n "$id" ] || { echo "The registration has no role $role." >&2; exit 1; }

has=$(az rest --method GET --url "$graph/servicePrincipals/$app/appRoleAssignedTo?\$top=999" \
  --query "value[?principalId=='$somebody' && appRoleId=='$id'] | [0].id" --output tsv)
if [ -n "$has" ]; then
  echo "$somebody has $role."
else
  az rest --method POST --url "$graph/servicePrincipals/$app/appRoleAssignedTo" --output none \
    --headers Content-Type=application/json \
    --body "{\"principalId\":\"$somebody\",\"resourceId\":\"$app\",\"appRoleId\":\"$id\"}"
  echo "$somebody now has $role; they have it with their next sign-in."
fi
