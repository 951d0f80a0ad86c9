#!/bin/sh
# azd, after the code: the event subscription, then a look at what runs.
set -eu

here=$(dirname "$0")
"$here/subscribe.sh"
"$here/smoke-test.sh"
