using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Words about credentials: of AWS, of its SDKs, of the docker client and its helpers; and about limits.</summary>
internal static class AccessRules
{
    public static IReadOnlyList<FailureRule> All { get; } =
    [
        // Credentials of AWS.
        new(FailureKind.SsoAssemblyMissing, "AWSSDK.SSO")
        {
            Pattern = @"AWSSDK\.SSO(OIDC)?\b.*could not be (found|loaded)|could not (load|find).*AWSSDK\.SSO",
        },
        new(
            FailureKind.SsoMisconfigured,
            "options property cannot be empty",
            "invalid SSO parameters",
            "required SSO configuration",
            "missing required SSO",
            "sso-session",
            "SSO configuration",
            "configured to use SSO but"
        )
        {
            Pattern =
                @"options property cannot be empty|invalid SSO parameters|missing.* required SSO|configured to use SSO but|sso-session.*(does not exist|not found|could not be found|missing)|(invalid|incomplete|missing) SSO configuration|SSO configuration.*(missing|invalid|incomplete)",
        },
        new(
            FailureKind.SsoExpired,
            "SSO",
            "token has expired and refresh failed",
            "session token not found or invalid",
            "InvalidGrantException",
            "your session has expired"
        )
        {
            Pattern =
                @"no valid sso token|sso (session|token).*(expired|invalid|not found|does not exist)|error loading sso token|(expired|refresh|load|read|invalid).* (cached )?sso (session|token)|token has expired and refresh failed|session token not found or invalid|InvalidGrantException|token is expired.*sso|aws sso login|your session has expired.*reauthenticate",
        },
        new(
            FailureKind.TokenExpired,
            "security token included in the request is expired",
            "ExpiredToken",
            "security token expired",
            "credentials have expired",
            "credentials expired"
        )
        {
            Code = EcrCode.CredentialsExpired,
        },
        new(
            FailureKind.CredentialsInvalid,
            "signature expired",
            "signature not yet current",
            "RequestTimeTooSkewed",
            "RequestExpired"
        )
        {
            Code = EcrCode.ClockSkewed,
        },
        new(
            FailureKind.CredentialsInvalid,
            "UnrecognizedClient",
            "security token included in the request is invalid",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "request signature we calculated does not match",
            "InvalidAccessKeyId",
            "IncompleteSignature",
            "InvalidIdentityToken",
            "AuthFailure"
        ),
        new(
            FailureKind.AssumeRoleDenied,
            $"not authorized to perform {StsActions.AssumeRole}",
            $"not authorized to perform: {StsActions.AssumeRole}",
            "roles may not be assumed by root",
            "could not assume role",
            "unable to assume role",
            "failed to assume role"
        ),
        new(FailureKind.TokenApiDenied, "GetAuthorizationToken")
        {
            Pattern = "accessdenied.*GetAuthorizationToken|GetAuthorizationToken.*accessdenied",
        },
        // The docker client and its helpers.
        new(
            FailureKind.Unauthenticated,
            "credentials not found in native keychain",
            "no basic auth credentials",
            "basic credential not found",
            "CONTAINER1008"
        ),
        new(
            FailureKind.CredentialStoreFailure,
            "error storing credentials",
            "error saving credentials",
            "the stub received bad data",
            "error getting credentials",
            "docker-credential-",
            "credential helper",
            "credsStore"
        )
        {
            Pattern =
                @"error (storing|saving|getting|erasing) credentials|stub received bad data|docker-credential-.*(not found|no such file|exit status|resolves to executable)|(credential helper|credsStore).*(fail|error|not found)",
        },
        new(
            FailureKind.UnsupportedHost,
            "can only be used with Amazon Elastic Container Registry",
            "error parsing the serverURL",
            "not a valid ECR",
            "not an ECR registry",
            "is not a valid repository uri"
        ),
        // A parameter; after the sentences that name which.
        new(
            FailureKind.InvalidParameter,
            "invalid parameter at",
            "InvalidParameterException",
            "failed to satisfy constraint",
            "parameter validation failed"
        ),
        new(
            FailureKind.RateLimited,
            "toomanyrequests",
            "rate exceeded",
            "too many requests",
            "ThrottlingException",
            "Throttling:",
            "pull rate limit",
            "data limit exceeded",
            "RequestLimitExceeded",
            "status code 'TooManyRequests'"
        ),
        // AWS has no credentials at all.
        new(
            FailureKind.Unauthenticated,
            "unable to locate credentials",
            "NoCredentialProviders",
            "could not load credentials from any providers",
            "unable to load AWS credentials",
            "unable to get IAM security credentials",
            "failed to resolve AWS credentials",
            "no valid credential sources",
            "no EC2 IMDS role found",
            "partial credentials found",
            "no credentials were found",
            "unable to load credentials from any of the providers"
        )
        {
            Code = EcrCode.NoCredentials,
        },
    ];
}
