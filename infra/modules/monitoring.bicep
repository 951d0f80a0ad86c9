// Where the app's log goes: one workspace, and Application Insights on top of it. Neither takes a key.

import { texts } from '../types.bicep'

param workspaceName string
param insightsName string
param location string
param tags texts

@minValue(30)
@maxValue(90)
param retentionDays int

@description('GB a day at which logging stops until the next day. The alerts of absence then speak.')
param dailyQuotaGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

output insightsConnectionString string = insights.properties.ConnectionString
