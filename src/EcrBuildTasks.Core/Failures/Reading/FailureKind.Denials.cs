using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

public sealed partial record FailureKind
{
    private const string DenyWins =
        "Adding an Allow would not help: a Deny always wins. Change or remove the statement that denies, or except the caller in its condition.";

    private const string MissingLooksAlike =
        "AWS denies a missing or misspelled repository in the same words. This shows whether it exists, with credentials of its account: `aws ecr describe-repositories --registry-id <account> --repository-names <repository> --region <region>`.";

    /// <summary>The repository policy allows nothing.</summary>
    internal static readonly FailureKind NoResourcePolicy = new(
        "denied-no-resource-policy",
        EcrCode.RepositoryPolicySilent,
        Evidence.Cause,
        "The repository does not exist, or no statement of its policy allows it.",
        MissingLooksAlike,
        "Across accounts both sides must allow: the repository policy and the caller's own policies. AWS names the repository policy here."
    );

    /// <summary>No identity policy allows it.</summary>
    internal static readonly FailureKind NoIdentityPolicy = new(
        "denied-no-identity-policy",
        EcrCode.IdentityPolicySilent,
        Evidence.Cause,
        "No identity-based policy of the caller allows it.",
        "Look whether the caller is the one you expect: environment variables and a machine's role often go before a profile.",
        MissingLooksAlike
    );

    internal static readonly FailureKind TokenApiDenied = new(
        "denied-token-api",
        EcrCode.TokenDenied,
        Evidence.Cause,
        "The caller may not get an authorization token.",
        "The token is about no repository: the caller's identity policy must allow it on resource *, and a repository policy cannot.",
        $"For a private registry the action is {PushAction.TokenOf(RegistryKind.Private)}; for public.ecr.aws the actions are {PushAction.TokenOf(RegistryKind.Public)} and {PushAction.GetServiceBearerToken}, both on *."
    );

    /// <summary>A call that only looks before the push is denied.</summary>
    internal static readonly FailureKind PreflightApiDenied = new(
        "denied-preflight-api",
        EcrCode.Undecided,
        Evidence.Circumstance,
        "The caller may not look at the repository's settings; a push itself does not need that.",
        "Allow the action to the caller, or leave out the step that asks."
    );

    /// <summary>Denied, and AWS names no policy.</summary>
    internal static readonly FailureKind DeniedUnspecified = new(
        "denied-unspecified",
        EcrCode.DeniedWithoutReason,
        Evidence.Cause,
        "AWS does not say which policy is the reason.",
        "Within one account the caller's identity policy is the usual place; across accounts both it and the repository policy must allow.",
        "`dotnet publish /t:EcrPreflight` with the caller's credentials asks AWS again, which names the kind of policy today."
    );

    /// <summary>A statement denies, and AWS names no kind of policy.</summary>
    internal static readonly FailureKind ExplicitDeny = new(
        "denied-explicit",
        EcrCode.ExplicitlyDenied,
        Evidence.Cause,
        "A policy denies it explicitly; AWS does not say of which kind it is.",
        DenyWins
    );

    internal static readonly FailureKind ExplicitDenyInResourcePolicy = new(
        "denied-explicit-resource-policy",
        EcrCode.ExplicitlyDenied,
        Evidence.Cause,
        "A statement of the repository policy denies it.",
        DenyWins
    );

    internal static readonly FailureKind ExplicitDenyInIdentityPolicy = new(
        "denied-explicit-identity",
        EcrCode.ExplicitlyDenied,
        Evidence.Cause,
        "A statement of an identity-based policy of the caller denies it.",
        DenyWins
    );

    internal static readonly FailureKind ExplicitDenyInServiceControlPolicy = Guardrail(
        "denied-explicit-scp",
        "A service control policy of the caller's organization denies it, or fails to allow it: AWS words both alike.",
        "The policy is set in the management account of the caller's organization."
    );

    internal static readonly FailureKind ExplicitDenyInResourceControlPolicy = Guardrail(
        "denied-explicit-rcp",
        "A resource control policy of the registry's organization denies it.",
        "The policy is set in the management account of the registry's organization."
    );

    /// <summary>The policy of the VPC endpoint allows nothing.</summary>
    internal static readonly FailureKind NoEndpointPolicy = Guardrail(
        "denied-no-vpce-policy",
        "The policy of the VPC endpoint that the request passes does not allow it.",
        EndpointOwner
    );

    /// <summary>The policy of the VPC endpoint denies.</summary>
    internal static readonly FailureKind ExplicitDenyInEndpointPolicy = Guardrail(
        "denied-explicit-vpce",
        "The policy of the VPC endpoint that the request passes denies it.",
        EndpointOwner
    );

    /// <summary>The permissions boundary allows nothing.</summary>
    internal static readonly FailureKind NoBoundary = Guardrail(
        "denied-no-boundary",
        "The caller's permissions boundary does not allow it.",
        BoundaryOwner
    );

    internal static readonly FailureKind ExplicitDenyInBoundary = Guardrail(
        "denied-explicit-boundary",
        "The caller's permissions boundary denies it.",
        BoundaryOwner
    );

    /// <summary>The session policy allows nothing.</summary>
    internal static readonly FailureKind NoSessionPolicy = Guardrail(
        "denied-no-session-policy",
        "The session policy of the caller's session does not allow it.",
        SessionOwner
    );

    internal static readonly FailureKind ExplicitDenyInSessionPolicy = Guardrail(
        "denied-explicit-session",
        "The session policy of the caller's session denies it.",
        SessionOwner
    );

    /// <summary>The role cannot be assumed.</summary>
    internal static readonly FailureKind AssumeRoleDenied = new(
        "denied-assume-role",
        EcrCode.RoleNotAssumed,
        Evidence.Cause,
        "The role could not be assumed.",
        $"The role's trust policy must allow the caller, and across accounts the caller's own policies must allow {StsActions.AssumeRole} on the role.",
        "With OIDC, compare the trust policy's conditions on `sub` and `aud` with the token of this job: branch, environment and repository are part of `sub`."
    );

    /// <summary>A 403 whose reason was lost.</summary>
    internal static readonly FailureKind ForbiddenOpaque = new(
        "forbidden-opaque",
        EcrCode.DeniedWithoutReason,
        Evidence.Symptom,
        "The registry answered 403 and the client lost the reason.",
        "Get a new authorization token first: an expired one looks the same.",
        "Then ask AWS for the reason with the same credentials: `dotnet publish /t:EcrPreflight`, or `aws ecr batch-check-layer-availability`, `aws ecr batch-get-image` and `aws ecr initiate-layer-upload` on the repository.",
        "ECR answers 403 for a full repository too (images for each repository, a quota)."
    );

    private const string EndpointOwner = "The policy is set by whoever owns the VPC that the build runs in.";
    private const string BoundaryOwner = "The boundary is set by whoever administers the caller's account.";
    private const string SessionOwner =
        "The session policy is set by whoever started the session, in a pipeline the step that assumes the role.";

    private static FailureKind Guardrail(string name, string cause, string owner) =>
        new(
            name,
            EcrCode.GuardrailDenied,
            Evidence.Cause,
            cause,
            $"{owner} No statement in the repository policy would help."
        );
}
