// What wakes somebody, and what can wait: docs/operations.md tells of each what to do. Alerts are built on the
// absence of success and on changes of trust. A source that is locked, and a team that lives on exports alone,
// are no trouble, and no query here takes them for any.
//
// Each query returns a row for each trouble and none where all is well, so that an absence, too, is a row.
// Messages are one JSON object a line (shared/events.py); what KQL has a word of its own for is in brackets.

import { texts } from '../types.bicep'

param workspaceName string
param topicName string
param actionGroupName string
param location string
param tags texts

@description('Who is written to.')
@minLength(1)
param emails string[]

@sealed()
type queryAlert = {
  name: string
  @description('1: get up; 2: today; 3: this week.')
  severity: 1 | 2 | 3
  says: string
  @description('How often the query is asked, and over how long a time.')
  every: 'PT15M' | 'PT1H'
  over: 'PT1H' | 'PT2H' | 'PT3H' | 'P2D'
  query: string
}

var events = 'AppTraces | extend said = parse_json(Message) | extend event = tostring(said.event)'

var queryAlerts queryAlert[] = [
  {
    name: 'no-successful-refresh'
    severity: 1
    says: 'No refresh has ended well for three hours.'
    every: 'PT15M'
    over: 'PT3H'
    // skipped: no live source is set up, or it is locked. partial: it goes on at the next.
    query: $'''
${events}
| where (event == 'refresh.finished' and tostring(said.run.outcome) in ('ok', 'partial', 'skipped'))
    or event == 'source.locked'
| summarize successes = count()
| where successes == 0
'''
  }
  {
    name: 'configuration-error'
    severity: 1
    says: 'The key is refused or missing, belongs to another organisation, or a setting is unusable.'
    every: 'PT15M'
    over: 'PT2H'
    query: $'''
union
  (${events}
    | where event == 'source.config_error' or (event == 'problem' and said.type == 'misconfigured')
    | project TimeGenerated, event, detail = tostring(said.detail)),
  (AppExceptions
    | where OuterMessage has 'SettingsError' or InnermostMessage has 'SettingsError'
    | project TimeGenerated, event = 'exception', detail = 'SettingsError')
'''
  }
  {
    name: 'trust-lost'
    severity: 2
    says: 'What readers are shown by default has become untrusted, or is no longer known to be true.'
    every: 'PT1H'
    over: 'P2D'
    // A new installation knows nothing yet and says so: from nothing to unknown is no loss.
    query: $'''
${events}
| where event == 'trust.changed'
| summarize arg_max(TimeGenerated, said)
| where said['to'] == 'untrusted' or (said['to'] == 'unknown' and isnotempty(said['from']))
'''
  }
  {
    name: 'trust-lowered'
    severity: 3
    says: 'What readers are shown by default is no longer trusted without reserve.'
    every: 'PT1H'
    over: 'P2D'
    query: $'''
${events}
| where event == 'trust.changed'
| summarize arg_max(TimeGenerated, said)
| where said['to'] == 'partial' and said['from'] == 'trusted'
'''
  }
  {
    name: 'circuit-open'
    severity: 2
    says: 'The vendor failed so often that it is left alone for a while.'
    every: 'PT15M'
    over: 'PT1H'
    query: $'''
${events}
| where event == 'circuit.opened'
'''
  }
  {
    name: 'refresh-defect'
    severity: 2
    says: 'The app failed over what a source answered, or over itself.'
    every: 'PT15M'
    over: 'PT2H'
    query: $'''
${events}
| where event == 'refresh.defect'
'''
  }
  {
    name: 'export-overdue'
    severity: 3
    says: 'An export that the figures wait for has not come.'
    every: 'PT1H'
    over: 'P2D'
    // Said once a day for as long as it lasts, and once when it is over.
    query: $'''
${events}
| where event == 'export.overdue' or (event == 'overdue.ended' and said.was == 'export.overdue')
| extend subject = iff(event == 'overdue.ended', tostring(said['of']), tostring(said.dashboard))
| summarize arg_max(TimeGenerated, event, said) by subject
| where event == 'export.overdue'
'''
  }
  {
    name: 'month-final-missing'
    severity: 3
    says: 'A finished month has no final export, so a period that crosses its end is a range.'
    every: 'PT1H'
    over: 'P2D'
    query: $'''
${events}
| where event == 'month-final.missing' or (event == 'overdue.ended' and said.was == 'month-final.missing')
| extend subject = iff(event == 'overdue.ended', tostring(said['of']), strcat(said.dashboard, ' ', said.month))
| summarize arg_max(TimeGenerated, event, said) by subject
| where event == 'month-final.missing'
'''
  }
  {
    name: 'export-refused'
    severity: 3
    says: 'A dropped file was refused, or contradicts another.'
    every: 'PT15M'
    over: 'PT1H'
    query: $'''
${events}
| where event in ('export.refused', 'export.contested')
'''
  }
  {
    name: 'export-failed'
    severity: 2
    says: 'A dropped file could not be taken in, for a fault of ours or of storage.'
    every: 'PT15M'
    over: 'PT2H'
    query: $'''
${events}
| where event == 'export.failed'
'''
  }
  {
    name: 'job-refused'
    severity: 3
    says: 'A message of the queue jobs is none that the app understands.'
    every: 'PT15M'
    over: 'PT1H'
    query: $'''
${events}
| where event == 'job.refused'
'''
  }
  {
    name: 'poison-message'
    severity: 2
    says: 'A job or a blob event failed five times and was put aside.'
    every: 'PT15M'
    over: 'PT1H'
    query: '''
StorageQueueLogs
| where OperationName == 'PutMessage'
| where Uri contains '/jobs-poison/' or Uri contains '/webjobs-blobtrigger-poison/'
'''
  }
  {
    name: 'http-5xx'
    severity: 2
    says: 'More than three requests within an hour were answered with 5xx.'
    every: 'PT15M'
    over: 'PT1H'
    query: '''
AppRequests
| where toint(ResultCode) between (500 .. 599)
| summarize failures = count()
| where failures > 3
'''
  }
]

var metricAlerts = [
  {
    name: 'event-dead-lettered'
    metric: 'DeadLetteredCount'
    says: 'Event Grid could not tell the app of a dropped file; the event lies in the container deadletter.'
  }
  {
    name: 'event-dropped'
    metric: 'DroppedEventCount'
    says: 'Event Grid could not tell the app of a dropped file, and let the event go.'
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'Scoreboard'
    emailReceivers: [
      for (email, number) in emails: {
        name: 'receiver-${number}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in queryAlerts: {
    name: alert.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Scoreboard: ${alert.name}'
      description: '${alert.says} What to do: docs/operations.md, Alerts.'
      enabled: true
      severity: alert.severity
      scopes: [workspace.id]
      evaluationFrequency: alert.every
      windowSize: alert.over
      autoMitigate: true
      skipQueryValidation: true // a new workspace has not all tables yet
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroup.id] }
    }
  }
]

resource metricRules 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metricAlerts: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: '${alert.says} What to do: docs/operations.md, Alerts.'
      enabled: true
      severity: 2
      scopes: [topic.id]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.metric
            metricNamespace: 'Microsoft.EventGrid/systemTopics'
            metricName: alert.metric
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: [{ actionGroupId: actionGroup.id }]
    }
  }
]
