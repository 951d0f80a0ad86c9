// What may be spent in a month, and who hears of it.

@description('US dollars, or the currency of the subscription.')
param amount int

@description('The first day of the month in which the budget was first made (YYYY-MM-01). It stays the same ever after.')
param start string

param actionGroupName string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

var notice = { enabled: true, operator: 'GreaterThan', contactEmails: [], contactGroups: [actionGroup.id] }

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: '${start}T00:00:00Z' }
    notifications: {
      actual80: { ...notice, threshold: 80, thresholdType: 'Actual' }
      forecast100: { ...notice, threshold: 100, thresholdType: 'Forecasted' }
    }
  }
}
