// EasyAuth with Entra ID in front of every route but two. The functions themselves are anonymous (a function
// key in a browser is public) and read the caller's roles from the header that EasyAuth makes.

param siteName string

@description('Client id of the app registration that has the app roles and the scope access_as_user.')
param authClientId string

@description('Client ids of the applications whose tokens are let in: the front end, and the registration itself.')
param callers string[]

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // Event Grid cannot sign in: without the first, each event gets a 401 and is never tried again. It
      // brings the blobs_extension key. The second tells that the process lives, and nothing else.
      excludedPaths: ['/runtime/webhooks/blobs', '/api/health']
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          clientId: authClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
        }
        validation: {
          allowedAudiences: ['api://${authClientId}', authClientId]
          defaultAuthorizationPolicy: { allowedApplications: union([authClientId], callers) }
        }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}
