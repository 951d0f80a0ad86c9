#!/bin/sh
# azd, before it provisions: what must be known by then, kept in azd's environment.
set -eu

here=$(dirname "$0")
: "${ALERT_EMAILS:?azd env set ALERT_EMAILS: who is written to when an alert fires}"
client=$("$here/register-app.sh")
azd env set AUTH_CLIENT_ID "$client"
# A budget keeps the month in which it was first made.
[ -n "${BUDGET_START:-}" ] || azd env set BUDGET_START "$(date -u +%Y-%m-01)"
