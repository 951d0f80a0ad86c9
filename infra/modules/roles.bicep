// Who may do what where: every role assignment of Scoreboard, and no other file makes one. The same as a table
// for reading: ../roles.md, which a test holds equal to what this predicts. Their names are made of scope,
// principal and role; of our own two identities the resource id, which is known before they are made.

import { principal } from '../types.bicep'

param identityName string
param hostAccountName string
param dataAccountName string
param vaultName string
param insightsName string
param topicName string

param uploaders principal[]
param operators principal[]
param keyOfficers principal[]
param deployers principal[]

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var queueMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var keyVaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var eventSubscriptionContributor = '428e0ff0-5e57-4d9c-a221-2c70d0e0a443'

var definitions = 'Microsoft.Authorization/roleDefinitions'

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource data 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource drop 'containers' existing = {
      name: 'drop'
    }

    resource deadLetters 'containers' existing = {
      name: 'deadletter'
    }
  }

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource jobs 'queues' existing = {
      name: 'jobs'
    }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

// --- the app -----------------------------------------------------------------------------------------

resource appOnHost 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [blobDataOwner, queueDataContributor, tableDataContributor]: {
    name: guid(host.id, app.id, role)
    scope: host
    properties: {
      roleDefinitionId: subscriptionResourceId(definitions, role)
      principalId: app.properties.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource appOnData 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [blobDataOwner, queueDataContributor, tableDataContributor]: {
    name: guid(data.id, app.id, role)
    scope: data
    properties: {
      roleDefinitionId: subscriptionResourceId(definitions, role)
      principalId: app.properties.principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource appOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, app.id, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, keyVaultSecretsUser)
    principalId: app.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource appOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, app.id, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, monitoringMetricsPublisher)
    principalId: app.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// --- Event Grid --------------------------------------------------------------------------------------

resource topicOnDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(data::blobs::deadLetters.id, topic.id, blobDataContributor)
  scope: data::blobs::deadLetters
  properties: {
    roleDefinitionId: subscriptionResourceId(definitions, blobDataContributor)
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// --- people ------------------------------------------------------------------------------------------

// Blob Data Contributor would let uploaders read and delete each other's files.
resource dropOnly 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'may create blobs')
  properties: {
    roleName: 'Scoreboard uploader (${resourceGroup().name})'
    description: 'May create new blobs; may not read, list, change or delete any.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action']
        notDataActions: []
      }
    ]
  }
}

resource uploadersOnDrop 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for somebody in uploaders: {
    name: guid(data::blobs::drop.id, somebody.id, dropOnly.id)
    scope: data::blobs::drop
    properties: { roleDefinitionId: dropOnly.id, principalId: somebody.id, principalType: somebody.type }
  }
]

resource operatorsOnJobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for somebody in operators: {
    name: guid(data::queueService::jobs.id, somebody.id, queueMessageSender)
    scope: data::queueService::jobs
    properties: {
      roleDefinitionId: subscriptionResourceId(definitions, queueMessageSender)
      principalId: somebody.id
      principalType: somebody.type
    }
  }
]

resource keyOfficersOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for somebody in keyOfficers: {
    name: guid(vault.id, somebody.id, keyVaultSecretsOfficer)
    scope: vault
    properties: {
      roleDefinitionId: subscriptionResourceId(definitions, keyVaultSecretsOfficer)
      principalId: somebody.id
      principalType: somebody.type
    }
  }
]

resource deployersOnTopic 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for somebody in deployers: {
    name: guid(topic.id, somebody.id, eventSubscriptionContributor)
    scope: topic
    properties: {
      roleDefinitionId: subscriptionResourceId(definitions, eventSubscriptionContributor)
      principalId: somebody.id
      principalType: somebody.type
    }
  }
]
