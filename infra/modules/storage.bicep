// Two accounts, because who drops files must not come near the app's code and keys: `host` is the Functions
// host's own (code package, leases, keys), `data` is what Scoreboard keeps. Neither has a usable key.

import { texts } from '../types.bicep'

param hostAccountName string
param dataAccountName string
param workspaceName string
param location string
param tags texts

@description('Redundancy of the data account. Tables have no backup; they can be rebuilt from the raw blobs.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param redundancy string

@description('SOFT_DELETE_DAYS of the app: for how long deleted blobs, containers and older versions stay.')
@minValue(0)
@maxValue(365)
param softDeleteDays int

@description('For how long events that could not be delivered are kept.')
param deadLetterDays int = 30

// shared/store/storage.py, and a test, hold these: the app does not make them in Azure.
var tables = ['manifests', 'facts', 'periods', 'cohorts', 'people', 'runs', 'receipts', 'audit']
var containers = ['drop', 'raw', 'quarantine']
var queues = ['jobs']

// Not the app's: where Event Grid leaves what it could not deliver.
var deadLetterContainer = 'deadletter'

var locked = {
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
  allowBlobPublicAccess: false
  allowCrossTenantReplication: false
  minimumTlsVersion: 'TLS1_2'
  supportsHttpsTrafficOnly: true
  accessTier: 'Hot'
  networkAcls: { defaultAction: 'Allow', bypass: 'AzureServices' }
}

var softDelete = { enabled: softDeleteDays > 0, days: max(softDeleteDays, 1) }

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: hostAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: locked

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource package 'containers' = {
      name: 'app-package'
      properties: { publicAccess: 'None' }
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'
  }
}

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: dataAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: locked

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      deleteRetentionPolicy: softDelete
      containerDeleteRetentionPolicy: softDelete
    }

    resource container 'containers' = [
      for name in [...containers, deadLetterContainer]: {
        name: name
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for name in tables: {
        name: name
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [
      for name in queues: {
        name: name
      }
    ]
  }

  // Files and answers themselves are let go by the app, which knows what still counts (FACT_, RAW_ and
  // AUDIT_RETENTION_DAYS): an age alone would take a roster that holds. What only storage knows of goes here.
  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'older-versions'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'] }
              actions: { version: { delete: { daysAfterCreationGreaterThan: softDelete.days } } }
            }
          }
          {
            name: 'dead-letters'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${deadLetterContainer}/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deadLetterDays } } }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

// Who read, wrote and deleted what is evidence; what the host's queues are asked a thousand times a day is not.
var evidence = [for name in ['StorageRead', 'StorageWrite', 'StorageDelete']: { category: name, enabled: true }]
var changes = [for name in ['StorageWrite', 'StorageDelete']: { category: name, enabled: true }]
var writes = [{ category: 'StorageWrite', enabled: true }]

resource dataBlobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: data::blobs
  properties: { workspaceId: workspace.id, logs: evidence }
}

resource dataTableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: data::tableService
  properties: { workspaceId: workspace.id, logs: evidence }
}

resource dataQueueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: data::queueService
  properties: { workspaceId: workspace.id, logs: writes }
}

resource hostBlobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: host::blobs
  properties: { workspaceId: workspace.id, logs: changes }
}

resource hostQueueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: host::queueService
  properties: { workspaceId: workspace.id, logs: writes }
}
