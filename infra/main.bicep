// Scoreboard in one subscription: a resource group and everything in it but the code and the subscription to
// the drop container's events, which needs the code (eventSubscription.bicep). docs/deployment.md leads through it.

targetScope = 'subscription'

import { principal, texts } from 'types.bicep'
import { told } from 'settings.bicep'

@description('Names the resource group, rg-<name>, and is part of what the names of its resources are made of.')
@minLength(3)
@maxLength(24)
param environmentName string

param location string

@description('Client id of the app registration: an existing one, or what hooks/register-app.sh made.')
@minLength(36)
@maxLength(36)
param authClientId string

@description('Client ids of the applications whose tokens are let in, the front end first.')
param callers string[] = []

@description('Origins of the front end\'s pages; never a star.')
param corsOrigins string[] = []

@description('Who is written to when an alert fires.')
@minLength(1)
param alertEmails string[]

@description('What may be spent in a month, in the subscription\'s currency; 0: no budget.')
@minValue(0)
param budgetAmount int = 50

@description('YYYY-MM-01, the month in which the budget was first made.')
@minLength(10)
@maxLength(10)
param budgetStart string

@description('Who drops exports: may create blobs in the drop container, and nothing else.')
param uploaders principal[] = []

@description('Who sends jobs (dev.py azure job): may put messages into the queue jobs.')
param operators principal[] = []

@description('Who puts the Admin API key into the vault and rotates it.')
param keyOfficers principal[] = []

@description('Who deploys without being a contributor of the resource group: may make the event subscription.')
param deployers principal[] = []

@description('What the app is told otherwise than by default, by the names of shared/settings.py.')
param appSettings texts = {}

param pythonVersion string = '3.13'

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are kept ready for HTTP, and paid for; 0: a first request waits for a start.')
@minValue(0)
param alwaysReadyHttp int = 0

@description('Whether the host exports logs and traces as OpenTelemetry instead of by the Application Insights SDK.')
param openTelemetry bool = false

@description('Redundancy of the data account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataRedundancy string = 'Standard_LRS'

@minValue(30)
@maxValue(90)
param logRetentionDays int = 30

@minValue(1)
param logDailyQuotaGb int = 1

var suffix = uniqueString(subscription().subscriptionId, environmentName, location)
var tags = { 'azd-env-name': environmentName, app: 'scoreboard' }
var settings = told(appSettings)

var names = {
  resourceGroup: 'rg-${environmentName}'
  identity: 'id-scoreboard-${suffix}'
  workspace: 'log-scoreboard-${suffix}'
  insights: 'appi-scoreboard-${suffix}'
  hostAccount: 'sthost${suffix}'
  dataAccount: 'stdata${suffix}'
  vault: 'kv-${suffix}'
  plan: 'plan-scoreboard-${suffix}'
  site: 'func-scoreboard-${suffix}'
  topic: 'evgt-scoreboard-${suffix}'
  actionGroup: 'ag-scoreboard-${suffix}'
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: names.resourceGroup
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    workspaceName: names.workspace
    location: location
    tags: tags
    redundancy: dataRedundancy
    softDeleteDays: int(settings.SOFT_DELETE_DAYS)
  }
  dependsOn: [monitoring]
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: { name: names.vault, workspaceName: names.workspace, location: location, tags: tags }
  dependsOn: [monitoring]
}

module eventTopic 'modules/eventTopic.bicep' = {
  scope: group
  params: { name: names.topic, dataAccountName: names.dataAccount, location: location, tags: tags }
  dependsOn: [storage]
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    identityName: names.identity
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    vaultName: names.vault
    insightsName: names.insights
    topicName: names.topic
    uploaders: uploaders
    operators: operators
    keyOfficers: keyOfficers
    deployers: deployers
  }
  dependsOn: [identity, storage, vault, eventTopic]
}

// After the roles: a host that starts without them fails until they arrive.
module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    name: names.site
    planName: names.plan
    identityName: names.identity
    clientId: identity.outputs.clientId
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    vaultName: names.vault
    location: location
    tags: tags
    appSettings: settings
    corsOrigins: corsOrigins
    pythonVersion: pythonVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: alwaysReadyHttp
    openTelemetry: openTelemetry
  }
  dependsOn: [roles]
}

module authentication 'modules/authentication.bicep' = {
  scope: group
  params: { siteName: names.site, authClientId: authClientId, callers: callers }
  dependsOn: [functionApp]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    topicName: names.topic
    actionGroupName: names.actionGroup
    location: location
    tags: tags
    emails: alertEmails
  }
  dependsOn: [monitoring, eventTopic]
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0) {
  scope: group
  params: { amount: budgetAmount, start: budgetStart, actionGroupName: names.actionGroup }
  dependsOn: [alerts]
}

output RESOURCE_GROUP string = group.name
output SITE_NAME string = names.site
output SITE_URL string = 'https://${functionApp.outputs.hostName}'
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output TOPIC_NAME string = names.topic
output DATA_ACCOUNT_NAME string = names.dataAccount
output VAULT_NAME string = names.vault
output AUTH_CLIENT_ID string = authClientId
