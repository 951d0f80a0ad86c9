#!/bin/sh
# The second phase, after the code: waits until the app's host has the key with which Event Grid may call it, then
# makes the event subscription. Running it again changes nothing. Until it has run, the hourly refresh takes in
# what is dropped.
#
# RESOURCE_GROUP, SITE_NAME, SITE_URL, TOPIC_NAME, DATA_ACCOUNT_NAME: outputs of main.bicep
set -eu

here=$(dirname "$0")
: "${RESOURCE_GROUP:?}" "${SITE_NAME:?}" "${SITE_URL:?}" "${TOPIC_NAME:?}" "${DATA_ACCOUNT_NAME:?}"
export SITE_NAME TOPIC_NAME DATA_ACCOUNT_NAME
pause=${PAUSE_SECONDS:-15}
left=${PATIENCE_SECONDS:-600}

# The key is asked for, and never shown.
has_key() {
  [ -n "$(az functionapp keys list --resource-group "$RESOURCE_GROUP" --name "$SITE_NAME" \
    --query systemKeys.blobs_extension --output tsv 2>/dev/null)" ]
}

until has_key; do
  if [ "$left" -le 0 ]; then
    echo "The host of $SITE_NAME has no key blobs_extension. Does it run? Look at its log, then run this again:" >&2
    echo "$0. What is dropped meanwhile is taken in by the hourly refresh." >&2
    exit 1
  fi
  echo "Waiting for the host's key blobs_extension." >&2
  curl --silent --output /dev/null --max-time 30 "$SITE_URL/api/health" || true # a call wakes the host
  sleep "$pause"
  left=$((left - pause))
done

az deployment group create --resource-group "$RESOURCE_GROUP" --name event-subscription \
  --parameters "$here/../eventSubscription.bicepparam" --output none
echo "Event Grid tells $SITE_NAME of each dropped file." >&2
