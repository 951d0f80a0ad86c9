// The names are outputs of main.bicep; hooks/subscribe.sh sets them.

using 'eventSubscription.bicep'

param siteName = readEnvironmentVariable('SITE_NAME', 'func-scoreboard')
param topicName = readEnvironmentVariable('TOPIC_NAME', 'evgt-scoreboard')
param dataAccountName = readEnvironmentVariable('DATA_ACCOUNT_NAME', 'stdatascoreboard')
