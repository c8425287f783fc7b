namespace EcrBuildTasks.Failures.Reading;

public sealed partial record FailureKind
{
    /// <summary>The registry had no credentials, or did not accept them.</summary>
    internal static readonly FailureKind Unauthenticated = new(
        "unauthenticated",
        EcrCode.TokenUnavailable,
        Evidence.Symptom,
        "The registry got no credentials, or did not accept them.",
        "Log in to exactly this registry's host and region, as the user and in the job that pushes: `aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin HOST`.",
        "`public.ecr.aws` takes only tokens of `aws ecr-public get-login-password --region us-east-1`.",
        "A credential helper hides its reason: docker-credential-ecr-login writes it to ~/.ecr/log/ecr-login.log."
    );

    internal static readonly FailureKind TokenExpired = new(
        "token-expired",
        EcrCode.TokenUnavailable,
        Evidence.Cause,
        "The authorization token has expired; it lasts 12 hours at most.",
        "Log in again with `aws ecr get-login-password`, in the job that pushes, right before the push.",
        "For public images, `docker logout public.ecr.aws` is enough."
    );

    /// <summary>The IAM Identity Center session has ended.</summary>
    internal static readonly FailureKind SsoExpired = new(
        "sso-expired",
        EcrCode.SsoLoginRequired,
        Evidence.Circumstance,
        "The IAM Identity Center session has ended, or there is none.",
        "Run `aws sso login` with the profile that the push uses, then push again."
    );

    /// <summary>The profile's IAM Identity Center settings cannot be used.</summary>
    internal static readonly FailureKind SsoMisconfigured = new(
        "sso-misconfigured",
        EcrCode.SsoUnusable,
        Evidence.Circumstance,
        "The profile's IAM Identity Center settings are incomplete.",
        "Run `aws configure sso` for the profile: it needs sso_session (or sso_start_url and sso_region), sso_account_id and sso_role_name.",
        "A program of yours on the AWS SDK for .NET must set ClientName in SSOAWSCredentialsOptions."
    );

    /// <summary>The SDK's assembly for IAM Identity Center is missing.</summary>
    internal static readonly FailureKind SsoAssemblyMissing = new(
        "sso-assembly-missing",
        EcrCode.SsoUnusable,
        Evidence.Circumstance,
        "The program lacks the AWS SDK's assemblies for IAM Identity Center, so profiles with `aws sso login` do not work in it.",
        "Add AWSSDK.SSO and AWSSDK.SSOOIDC to the program, or give it credentials of another kind, for example by `aws configure export-credentials`."
    );

    /// <summary>AWS does not accept the credentials.</summary>
    internal static readonly FailureKind CredentialsInvalid = new(
        "credentials-invalid",
        EcrCode.CredentialsInvalid,
        Evidence.Circumstance,
        "AWS does not accept the credentials.",
        "Check them with `aws sts get-caller-identity`: a deleted key, a missing session token, another partition, or environment variables that go before the profile."
    );

    /// <summary>The store of docker's credentials failed.</summary>
    internal static readonly FailureKind CredentialStoreFailure = new(
        "credential-store-failure",
        EcrCode.CredentialStoreFailed,
        Evidence.Circumstance,
        "The credential store of the docker client failed, so that it cannot keep or find the registry's token.",
        "Look at `credsStore` and `credHelpers` in the docker configuration: the helper must be installed, on the PATH, and able to unlock its store; the Windows one cannot hold a token as long as ECR's.",
        "`dotnet publish /t:PushToEcr` needs no login and no store."
    );

    /// <summary>The host is none of ECR's.</summary>
    internal static readonly FailureKind UnsupportedHost = new(
        "unsupported-host",
        EcrCode.RegistryInvalid,
        Evidence.Circumstance,
        "The credential helper does not take the host for one of Amazon ECR.",
        "Compare the host with <account>.dkr.ecr.<region>.amazonaws.com or public.ecr.aws; newer hosts need a newer helper."
    );

    /// <summary>The connection ended without an answer.</summary>
    internal static readonly FailureKind Eof = new(
        "eof",
        EcrCode.DeniedWithoutReason,
        Evidence.Symptom,
        "The registry closed the connection without an answer.",
        "Look first whether the repository exists and whether the caller may push: Amazon ECR closes the connection in both cases. `aws ecr describe-repositories` and `dotnet publish /t:EcrPreflight` tell.",
        "If both are so, a proxy on the way may close it."
    );

    internal static readonly FailureKind Network = new(
        "network",
        EcrCode.RegistryUnreachable,
        Evidence.Symptom,
        "The registry or AWS could not be reached, or the connection broke.",
        "Check proxy (HTTPS_PROXY, NO_PROXY), firewall and certificates; in a private subnet the VPC endpoints ecr.api, ecr.dkr and s3.",
        "If it happens now and then only, try again."
    );

    /// <summary>A host's name has no address.</summary>
    internal static readonly FailureKind EndpointUnresolvable = new(
        "endpoint-unresolvable",
        EcrCode.EndpointUnreachable,
        Evidence.Symptom,
        "The name of the host could not be resolved, or AWS has no such service in that region.",
        "Look for a wrong region or a mistyped account in the host, then at the machine's DNS.",
        "The API of ECR Public is in us-east-1 only: `aws ecr-public … --region us-east-1`, or AWS_REGION=us-east-1 for the step that logs in.",
        "The dual-stack API host is ecr.<region>.api.aws; there is no api.ecr.<region>.api.aws."
    );
}
