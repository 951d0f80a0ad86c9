// What the app is told, beyond what the deployment itself knows (addresses, identities). The names, defaults
// and meanings are those of shared/settings.py, and a test holds the two together: a new setting is one line
// here. Secrets, and settings for a developer's machine, never stand here.

import { texts } from 'types.bicep'

@export()
var defaults = {
  ANTHROPIC_ADMIN_KEY_SECRET: ''
  ANTHROPIC_ANALYTICS_KEY_SECRET: ''
  ANTHROPIC_BASE_URL: 'https://api.anthropic.com'
  EXPECTED_ORGANIZATIONS: ''
  REFRESH_SCHEDULE: '0 5 * * * *'
  BACKFILL_DAYS: '90'
  TRAILING_DAYS: '5'
  FETCH_CONCURRENCY: '4'
  REFRESH_BUDGET_SECONDS: '480'
  EXPORT_TRIGGER: 'EventGrid'
  EXPORT_TIMEZONE: 'UTC'
  EXPORT_LAG_HOURS: '24'
  EXPORT_CADENCE_DAYS: '7'
  CORRECTION_TOLERANCE: '5,1'
  RECONCILIATION_TOLERANCE: '50,5'
  EXPORT_MAX_BYTES: '33554432'
  FACT_RETENTION_DAYS: '400'
  RAW_RETENTION_DAYS: '400'
  AUDIT_RETENTION_DAYS: '1100'
  SOFT_DELETE_DAYS: '14'
  GRACE_DAYS: '14'
  SHOW_NAMES: 'false'
}

@export()
@description('The defaults with what a parameter file says otherwise; a name that is no setting stops the deployment.')
func told(otherwise texts) texts =>
  empty(filter(objectKeys(otherwise), name => !contains(objectKeys(defaults), name)))
    ? union(defaults, otherwise)
    : fail('appSettings names what is no setting: ${join(filter(objectKeys(otherwise), name => !contains(objectKeys(defaults), name)), ', ')}')
