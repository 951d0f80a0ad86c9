// The one parameter file. Each value comes from an environment variable (azd keeps them: azd env set NAME value),
// so nothing in it need be edited; whoever prefers a file with values of their own copies it. docs/deployment.md.

using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'scoreboard')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

// hooks/register-app.sh sets it. The default is nobody's: with it, nobody can sign in.
param authClientId = readEnvironmentVariable('AUTH_CLIENT_ID', '00000000-0000-0000-0000-000000000000')

// Lists, separated by commas.
param callers = filter(split(readEnvironmentVariable('CALLER_CLIENT_IDS', ''), ','), one => !empty(one))
param corsOrigins = filter(split(readEnvironmentVariable('CORS_ORIGINS', ''), ','), one => !empty(one))
param alertEmails = split(readEnvironmentVariable('ALERT_EMAILS', 'set-ALERT_EMAILS@example.com'), ',')

param budgetAmount = int(readEnvironmentVariable('BUDGET_AMOUNT', '50'))
param budgetStart = readEnvironmentVariable('BUDGET_START', '2026-12-01')

// Object ids of groups in the directory, separated by commas.
param uploaders = map(
  filter(split(readEnvironmentVariable('UPLOADER_GROUPS', ''), ','), one => !empty(one)),
  one => { id: one, type: 'Group' }
)
param operators = map(
  filter(split(readEnvironmentVariable('OPERATOR_GROUPS', ''), ','), one => !empty(one)),
  one => { id: one, type: 'Group' }
)
param keyOfficers = map(
  filter(split(readEnvironmentVariable('KEY_OFFICER_GROUPS', ''), ','), one => !empty(one)),
  one => { id: one, type: 'Group' }
)

// Object id of a pipeline's service principal that is no contributor of the resource group.
param deployers = map(
  filter(split(readEnvironmentVariable('DEPLOYER_PRINCIPALS', ''), ','), one => !empty(one)),
  one => { id: one, type: 'ServicePrincipal' }
)

param openTelemetry = bool(readEnvironmentVariable('OPEN_TELEMETRY', 'false'))

// What the app is told otherwise than by default: any name of settings.bicep. Without the name of either secret
// there is no live source, and the truth comes in exports.
param appSettings = {
  ANTHROPIC_ADMIN_KEY_SECRET: readEnvironmentVariable('ANTHROPIC_ADMIN_KEY_SECRET', '')
  ANTHROPIC_ANALYTICS_KEY_SECRET: readEnvironmentVariable('ANTHROPIC_ANALYTICS_KEY_SECRET', '')
  EXPECTED_ORGANIZATIONS: readEnvironmentVariable('EXPECTED_ORGANIZATIONS', '')
  EXPORT_TIMEZONE: readEnvironmentVariable('EXPORT_TIMEZONE', 'UTC')
}
