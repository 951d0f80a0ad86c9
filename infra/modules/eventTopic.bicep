// The topic on which the data account says that a blob was created. It stands before its subscription so that
// its identity has its role by then; the subscription needs the app's code: ../eventSubscription.bicep.

import { texts } from '../types.bicep'

param name string
param dataAccountName string
param location string
param tags texts

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: data.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}
