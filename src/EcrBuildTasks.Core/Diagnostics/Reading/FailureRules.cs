namespace EcrBuildTasks.Diagnostics.Reading;

/// <summary>The words of clients, engines and AWS, from the most telling to the most general; the first that fits wins.</summary>
/// <remarks>AWS's sentence about a denied request is read by <see cref="DenialMessage"/>.</remarks>
internal static class FailureRules
{
    // What makes a bare status an answer of a registry: a path of its protocol, its host, or a client's words about it.
    private const string Registry =
        @"(/v2/|\bmanifests?\b|\bblobs?\b|dkr[.-]ecr|\becr\b|ecr\.aws|unexpected( http)? status|(head|put|patch|post) request"
        + @"|(source|destination) repository|daemon|container\d{4}|failed to (push|pull|resolve|authorize|copy|do request|commit)"
        + @"|(push|pull)ing|layer upload|login attempt|docker login|image pull|imagepull|pull image|push image)";

    private const string Aws =
        @"(amazonaws|api\.aws|\bon\.aws|amazonaws\.eu|ecr|sts\.|\*\*\*|/v2/|endpoint|registry|daemon)";

    public static IReadOnlyList<FailureRule> All { get; } =
    [
        // ECR's own sentences and the codes of its API.
        new(FailureKind.TokenExpired, "authorization token has expired", "authorization token is expired"),
        new(FailureKind.TagLimit, "maximum allowed number of tags per image", "maximum number of tags per image"),
        new(FailureKind.ImageLimit, "maximum allowed number of images", "maximum number of images"),
        new(
            FailureKind.TagImmutable,
            "already exists in the",
            "ImageTagAlreadyExistsException",
            "because the tag is immutable",
            "because the repository is immutable",
            "tag is immutable"
        )
        {
            Pattern =
                @"already exists in the [^:]*cannot be overwritten|ImageTagAlreadyExists|(tag|repository) is immutable",
        },
        new(
            FailureKind.ManifestBlobUnknown,
            "manifest blob unknown",
            "MANIFEST_BLOB_UNKNOWN",
            "required for pushing image into repository",
            "LayersNotFoundException",
            "ReferencedImagesNotFoundException",
            "blob unknown to registry"
        ),
        new(
            FailureKind.LayerPartTooSmall,
            "except the last part should be at least",
            "LayerPartTooSmall",
            "layer parts must be at least",
            "layer part is too small"
        ),
        new(FailureKind.LayerEmptyUpload, "does not have any parts", "EmptyUploadException", "contain any layer parts"),
        new(
            FailureKind.LayerDigestMismatch,
            "none of the provided layer digests match",
            "InvalidLayerException",
            "DIGEST_INVALID",
            "digest invalid",
            "digest did not match",
            "match the digest specified"
        ),
        new(
            FailureKind.UploadNoLocation,
            "no location header",
            "missing location header",
            "without a location header",
            "no upload location"
        ),
        new(FailureKind.MediaTypeUnsupported, "media type", "mediaType", "UnsupportedImageType", "unsupported manifest")
        {
            Pattern =
                @"media\s?types?\b.*\b(not|un)\s?supported|unsupported.*media\s?type|(unknown|unrecognized) media\s?type|media\s?type.*(invalid|not allowed)|UnsupportedImageType",
        },
        new(FailureKind.PolicyPrincipalNotFound, "principal not found", "invalid principal in policy"),
        new(
            FailureKind.PolicyInvalid,
            "invalid repository policy",
            "invalid registry policy",
            "'PolicyText'",
            "MalformedPolicyDocument"
        ),
        new(FailureKind.RepositoryPolicyNotFound, "repository policy does not exist", "RepositoryPolicyNotFound"),
        new(
            FailureKind.RepositoryNotFound,
            "repository with name",
            "RepositoryNotFoundException",
            "name unknown",
            "NAME_UNKNOWN",
            "CONTAINER1015",
            "elastic container registry failed prematurely",
            "does not exist or no pull access",
            "repository name not known"
        )
        {
            Pattern =
                @"repository with name [^:]*does not exist in|RepositoryNotFoundException|name unknown|NAME_UNKNOWN|container1015|failed prematurely|does not exist or no pull access|repository name not known",
        },
        new(
            FailureKind.ImageNotFound,
            "manifest unknown",
            "MANIFEST_UNKNOWN",
            "requested image not found",
            "ImageNotFoundException",
            "does not exist within the repository",
            "CONTAINER2004",
            "manifest for"
        ),
        new(
            FailureKind.ImageNotFound,
            "does not exist locally",
            "no such image",
            "image not known",
            "tag does not exist"
        )
        {
            Code = EcrCode.SourceImageMissing,
        },
        new(
            FailureKind.InvalidTag,
            "/manifests/",
            "invalid reference format",
            "tag invalid",
            "TAG_INVALID",
            "invalid tag",
            "CONTAINER2007",
            "CONTAINER2010",
            "not a valid tag",
            "illegal tag",
            "tag can only contain",
            "could not parse reference",
            "image tags must be"
        )
        {
            Pattern =
                @"/manifests/[\w.-]*[^\w.:/\s""'?%-][^\s:]*.*\b400\b|/manifests/[\w.-]*%2b[^\s:]*.*\b400\b|invalid reference format|tag invalid|TAG_INVALID|invalid (image )?tag\b|container20(07|10)|not a valid (image )?tag|illegal tag|tag can only contain|could not parse reference|image tags must be",
        },
        new(FailureKind.Unexpected201, " 201", "(201", "=201", ":201")
        {
            Pattern =
                @"(upload|chunk|blob|patch|unexpected|expected|layer).*(status( code)?|failed|got|received|returned|code)\b[^\d]{0,12}201\b|\b201\b.{0,20}(instead of|expected|but expected).{0,20}202|expected.{0,20}202.*201|(upload|chunk|blob|patch|unexpected).*: 201\b|status code 'created'",
        },
        new(FailureKind.Unexpected201, "received status code 'Created'"),
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
            "not authorized to perform sts:AssumeRole",
            "not authorized to perform: sts:AssumeRole",
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
        // Statuses with the reason lost.
        new(
            FailureKind.ForbiddenOpaque,
            "HTTP 403 response",
            "CONTAINER1014",
            "CONTAINER1016",
            "requested access to the resource is denied",
            "insufficient_scope"
        ),
        new(FailureKind.ForbiddenOpaque, " 403", "(403", "=403", ":403", "forbidden")
        {
            Pattern = $@"{Registry}.*(\b403\b|status code:? '?forbidden)|(\b403\b|\bforbidden\b).*{Registry}",
        },
        new(
            FailureKind.Unauthenticated,
            "denied: not authorized",
            "authentication required",
            "no basic auth",
            "authorization failed",
            "failed to fetch anonymous token",
            "invalid username/password",
            "incorrect username or password",
            "authorization header",
            "unauthorized: "
        ),
        new(
            FailureKind.Unauthenticated,
            " 401",
            "(401",
            "=401",
            ":401",
            "unauthorized",
            "cannot perform an interactive login"
        )
        {
            Pattern =
                $@"{Registry}.*(\b401\b|unauthorized)|(\b401\b|unauthorized).*{Registry}|cannot perform an interactive login",
        },
        new(FailureKind.RateLimited, " 429", "(429", "=429", ":429")
        {
            Pattern = $@"{Registry}.*\b429\b|\b429\b.*{Registry}",
        },
        new(FailureKind.RepositoryNotFound, " 404", "(404", "=404", ":404", "NotFound")
        {
            Pattern = @"/blobs/uploads.*(\b404\b|'notfound')|container10(01|05).*'notfound'",
        },
        new(FailureKind.ImageNotFound, " 404", "(404", "=404", ":404", "not found")
        {
            Pattern =
                @"/manifests/.*\b404\b|failed to (resolve|load|fetch).*(reference|source metadata|manifest).*: not found|(pull|resolve).*dkr[.-]ecr.*: not found",
        },
        new(FailureKind.BadRequestOpaque, " 400", "(400", "=400", ":400", "bad request", "BadRequest")
        {
            Pattern = $@"{Registry}.*(\b400\b|'?bad\s?request)|(\b400\b|bad request).*{Registry}",
        },
        new(
            FailureKind.EndpointUnresolvable,
            "no such host",
            "could not resolve",
            "name resolution",
            "name or service not known",
            "ENOTFOUND",
            "EAI_AGAIN",
            "UnknownHostException",
            "UnknownEndpoint",
            "no such host is known",
            "server misbehaving",
            "nodename nor servname",
            "name does not resolve",
            "inaccessible host"
        )
        {
            Pattern = $@"{Aws}",
        },
        new(
            FailureKind.Network,
            "CONTAINER1017",
            "could not connect to the endpoint url",
            "connect timeout on endpoint",
            "read timeout on endpoint",
            "RequestError: send request failed",
            "proxyconnect tcp",
            "ssl validation failed"
        ),
        new(
            FailureKind.Network,
            "dial tcp",
            "i/o timeout",
            "connection refused",
            "connection reset",
            "tls handshake timeout",
            "x509:",
            "broken pipe",
            "deadline exceeded",
            "client.timeout",
            "request canceled while waiting",
            "http response to https client",
            "use of closed network connection",
            "unexpected http status: 5",
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway",
            "unable to communicate",
            "HttpRequestException",
            "ECONNRESET",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "ssl connection could not be established",
            "network is unreachable",
            "no route to host",
            "connection timed out"
        )
        {
            Pattern = $@"{Aws}|{Registry}",
        },
        new(FailureKind.Eof, "EOF", "response ended prematurely")
        {
            Pattern =
                $@"(get|head|put|post|patch)\b.*\beof\b|{Registry}.*\beof\b|retrying in \d.{{0,20}} eof$|response ended prematurely",
        },
        new(FailureKind.ForbiddenOpaque, "denied: ", "access denied for", "access is denied")
        {
            Pattern =
                @"(^|: |""|\] )denied: |(pull|push) access denied|error from registry: denied|access is denied.*(registry|repository)",
        },
        // In an excerpt somebody pasted, the words alone suffice.
        new(
            FailureKind.ForbiddenOpaque,
            "403 forbidden",
            "403 (forbidden)",
            "status code 403",
            "status code: 403",
            "status 403",
            "access denied",
            "AccessDenied"
        )
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.Unauthenticated,
            "401 unauthorized",
            "401 (unauthorized)",
            "status code 401",
            "status code: 401",
            "unauthorized"
        )
        {
            OnlyInExcerpts = true,
        },
        new(FailureKind.BadRequestOpaque, "400 bad request", "400 (bad request)", "status code 400", "status code: 400")
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.EndpointUnresolvable,
            "no such host",
            "could not resolve host",
            "name or service not known",
            "temporary failure in name resolution"
        )
        {
            OnlyInExcerpts = true,
        },
        new(
            FailureKind.Network,
            "i/o timeout",
            "connection refused",
            "connection reset by peer",
            "tls handshake timeout",
            "x509:",
            "context deadline exceeded",
            "broken pipe",
            "unexpected http status: 5"
        )
        {
            OnlyInExcerpts = true,
        },
        new(FailureKind.Eof, "EOF") { Pattern = @"(^|\s|"")(unexpected )?eof\W*$", OnlyInExcerpts = true },
    ];
}
