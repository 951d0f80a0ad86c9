// What 10,000 engineers want otherwise: one instance that is always ready, zone-redundant data, longer logs.
// deploy.sh takes it in the place of main.bicepparam: PARAMETERS=infra/large.bicepparam.

using 'main.bicep'

extends 'main.bicepparam'

param alwaysReadyHttp = 1
param dataRedundancy = 'Standard_ZRS'
param logRetentionDays = 90
param logDailyQuotaGb = 5
param budgetAmount = 200
