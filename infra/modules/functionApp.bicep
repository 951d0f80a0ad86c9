// The app on Flex Consumption. What may call it stands in authentication.bicep, what it may do in roles.bicep.
//
// Flex refuses, or silently heeds, settings of the older plans: FUNCTIONS_WORKER_RUNTIME, FUNCTIONS_EXTENSION_VERSION,
// WEBSITE_RUN_FROM_PACKAGE, WEBSITE_CONTENT…, SCM_DO_BUILD_DURING_DEPLOYMENT, linuxFxVersion and healthCheckPath
// must not stand here.

import { texts } from '../types.bicep'

param name string
param planName string
param identityName string
param clientId string
param hostAccountName string
param dataAccountName string
@description('Says where, and is no key: Application Insights takes none.')
param insightsConnectionString string

param vaultName string
param location string
param tags texts

@description('What the app is told, by name: settings.bicep with the parameter file.')
param appSettings texts

@description('Origins of the web pages that may call the app, such as https://dashboard.example.com.')
param corsOrigins string[]

param pythonVersion string

@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Whether the host exports OpenTelemetry: docs/operations.md, OpenTelemetry.')
param openTelemetry bool

@description('Instances kept ready for HTTP; 0: the first request of a quiet hour waits for a start.')
param alwaysReadyHttp int

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// Both connections alike: a blob trigger with an identity needs the queue address beside the blob address,
// or its function is never indexed.
func connection(prefix string, account string, clientId string, suffix string) texts => {
  '${prefix}__credential': 'managedidentity'
  '${prefix}__clientId': clientId
  '${prefix}__blobServiceUri': 'https://${account}.blob.${suffix}'
  '${prefix}__queueServiceUri': 'https://${account}.queue.${suffix}'
  '${prefix}__tableServiceUri': 'https://${account}.table.${suffix}'
}

var suffix = environment().suffixes.storage

var platformSettings = {
  AZURE_CLIENT_ID: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: clientId // EasyAuth's proof instead of a client secret
  KEY_VAULT_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
}

// host.json's telemetryMode as a setting, so that a deployment can choose. The worker's lines go through the host:
// its own exporter would be a heavy import at each start, and stays off.
var telemetry = openTelemetry
  ? { AzureFunctionsJobHost__telemetryMode: 'OpenTelemetry', PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'false' }
  : {}

var settings = union(
  appSettings,
  platformSettings,
  telemetry,
  connection('AzureWebJobsStorage', hostAccountName, clientId, suffix),
  connection('DATA_STORAGE', dataAccountName, clientId, suffix)
)

var origins = contains(corsOrigins, '*')
  ? fail('corsOrigins: name the front end\'s origins, not every one')
  : corsOrigins

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostAccountName}.blob.${suffix}/app-package'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttp }] : []
      }
      runtime: { name: 'python', version: pythonVersion }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      cors: { allowedOrigins: origins, supportCredentials: false }
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output hostName string = site.properties.defaultHostName
