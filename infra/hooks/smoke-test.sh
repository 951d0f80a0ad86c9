#!/bin/sh
# Is the app alive, closed, and what does it know? Fails where it is not alive, where it is open, or where its
# state cannot be read although there is a token. What it says of trust is shown and judged by people: a new
# installation knows nothing yet.
#
# SITE_URL, AUTH_CLIENT_ID: outputs of main.bicep. Whoever runs this needs the role Usage.Read for the last part, and
# the client that asks for the token must be one of CALLER_CLIENT_IDS.
set -eu

: "${SITE_URL:?}" "${AUTH_CLIENT_ID:?}"
body=$(mktemp)
trap 'rm -f "$body"' EXIT
left=${PATIENCE_SECONDS:-120}
pause=${PAUSE_SECONDS:-5}

get() { # PATH [TOKEN]: prints the status; the header with the token goes by stdin, out of sight of `ps`
  if [ -n "${2:-}" ]; then
    echo "Authorization: Bearer $2" | curl --silent --output "$body" --write-out '%{http_code}' --max-time 60 \
      --header @- "$SITE_URL$1" || true
  else
    curl --silent --output "$body" --write-out '%{http_code}' --max-time 60 "$SITE_URL$1" || true
  fi
}

until [ "$(get /api/health)" = 200 ] && grep -q '"status":"ok"' "$body"; do
  if [ "$left" -le 0 ]; then
    echo "FAILED: $SITE_URL/api/health does not answer." >&2
    exit 1
  fi
  sleep "$pause"
  left=$((left - pause))
done
echo "alive: $(cat "$body")"

status=$(get /api/status)
if [ "$status" != 401 ]; then
  echo "FAILED: /api/status answers $status to a stranger, not 401." >&2
  exit 1
fi
if grep -q '/problems/' "$body"; then # our own 401: the app refused, and EasyAuth had let the stranger through
  echo "FAILED: EasyAuth is not on. The app keeps everybody out, but nobody can get in." >&2
  exit 1
fi
echo "closed: a stranger gets 401"

token=$(az account get-access-token --scope "api://$AUTH_CLIENT_ID/.default" --query accessToken --output tsv \
  2>/dev/null || true)
if [ -z "$token" ]; then
  echo "NOT CHECKED: the trust status, because there is no token for api://$AUTH_CLIENT_ID (docs/deployment.md)."
  exit 0
fi
status=$(get /api/status "$token")
if [ "$status" != 200 ]; then
  echo "FAILED: /api/status answers $status to a reader; see the app's log." >&2
  exit 1
fi
python3 - "$body" <<'PYTHON'
import json, sys

told = json.load(open(sys.argv[1], encoding="utf-8"))
for one in told["checks"]:
    print(f"trust: {one['status']:7} {one['name']} ({one['source']}): {one['seen']}")
if not told["checks"]:
    print("trust: nothing to judge yet")
PYTHON
