using System.Reflection;

namespace EcrBuildTasks.Failures;

/// <summary>A code of the catalog. Each has a page under <c>docs/errors</c>.</summary>
public sealed record EcrCode
{
    // 1xxx: configuration, credentials, token

    public static readonly EcrCode RegistryInvalid = new("ECR1001");
    public static readonly EcrCode RepositoryNameInvalid = new("ECR1002");
    public static readonly EcrCode TagInvalid = new("ECR1003");
    public static readonly EcrCode PropertyValueInvalid = new("ECR1004");
    public static readonly EcrCode PropertyUnknown = new("ECR1005");
    public static readonly EcrCode TargetFrameworkMissing = new("ECR1006");
    public static readonly EcrCode NoImageMade = new("ECR1007");
    public static readonly EcrCode HostUnsupported = new("ECR1008");
    public static readonly EcrCode NoCredentials = new("ECR1010");
    public static readonly EcrCode CredentialsExpired = new("ECR1011");
    public static readonly EcrCode CredentialsInvalid = new("ECR1012");
    public static readonly EcrCode NoRegion = new("ECR1013");
    public static readonly EcrCode ProfileNotFound = new("ECR1014");
    public static readonly EcrCode SsoLoginRequired = new("ECR1015");
    public static readonly EcrCode RoleNotAssumed = new("ECR1016");
    public static readonly EcrCode ClockSkewed = new("ECR1017");
    public static readonly EcrCode TokenUnavailable = new("ECR1018");
    public static readonly EcrCode SsoUnusable = new("ECR1019");
    public static readonly EcrCode CredentialStoreFailed = new("ECR1020");
    public static readonly EcrCode ParameterInvalid = new("ECR1021");
    public static readonly EcrCode ImageNotNamed = new("ECR1022");
    public static readonly EcrCode EnvironmentIncomplete = new("ECR1023");
    public static readonly EcrCode WebIdentityRefused = new("ECR1024");
    public static readonly EcrCode RoleCredentialsUnavailable = new("ECR1025");
    public static readonly EcrCode CredentialProcessFailed = new("ECR1026");
    public static readonly EcrCode ProfileUnusable = new("ECR1027");
    public static readonly EcrCode MfaRequired = new("ECR1028");
    public static readonly EcrCode SsoNotLoggedIn = new("ECR1029");
    public static readonly EcrCode PolicyUnreadable = new("ECR1030");
    public static readonly EcrCode EndpointSettingsContradict = new("ECR1031");
    public static readonly EcrCode DigestNamed = new("ECR1032");
    public static readonly EcrCode RevisionUnknown = new("ECR1033");
    public static readonly EcrCode PublicAliasMissing = new("ECR1035");
    public static readonly EcrCode PublicAliasUnknown = new("ECR1036");
    public static readonly EcrCode PublicAliasOfAnother = new("ECR1037");
    public static readonly EcrCode ResultsNotWritable = new("ECR1038");
    public static readonly EcrCode TargetMissing = new("ECR1039");

    // 2xxx: permission.

    public static readonly EcrCode RepositoryPolicySilent = new("ECR2001");
    public static readonly EcrCode IdentityPolicySilent = new("ECR2002");
    public static readonly EcrCode ExplicitlyDenied = new("ECR2003");
    public static readonly EcrCode TokenDenied = new("ECR2004");
    public static readonly EcrCode GuardrailDenied = new("ECR2005");
    public static readonly EcrCode DeniedWithoutReason = new("ECR2006");
    public static readonly EcrCode Undecided = new("ECR2007");
    public static readonly EcrCode AnalysisDisagrees = new("ECR2008");

    // 21xx: what PolicyLint finds in a policy.

    public static readonly EcrCode PolicySessionPrincipal = new("ECR2101");
    public static readonly EcrCode PolicyOrphanedId = new("ECR2102");
    public static readonly EcrCode PolicyPermissionSetSuffix = new("ECR2103");
    public static readonly EcrCode PolicyUnanchoredPermissionSet = new("ECR2104");
    public static readonly EcrCode PolicyOwnAccount = new("ECR2105");
    public static readonly EcrCode PolicyEveryone = new("ECR2106");
    public static readonly EcrCode PolicyWrongPartition = new("ECR2107");
    public static readonly EcrCode PolicyResource = new("ECR2108");
    public static readonly EcrCode PolicyBatchGetImageMissing = new("ECR2109");
    public static readonly EcrCode PolicyAllowCancelled = new("ECR2110");
    public static readonly EcrCode PolicyNearSizeLimit = new("ECR2111");
    public static readonly EcrCode PolicyConditionWithoutEffect = new("ECR2112");
    public static readonly EcrCode PolicyUnknownAction = new("ECR2113");
    public static readonly EcrCode PolicyInvalidPrincipal = new("ECR2114");
    public static readonly EcrCode PolicyUnusableCondition = new("ECR2115");

    // 3xxx: repository and image rules.

    public static readonly EcrCode RepositoryMissing = new("ECR3001");
    public static readonly EcrCode TagImmutable = new("ECR3002");
    public static readonly EcrCode QuotaExceeded = new("ECR3003");
    public static readonly EcrCode ImageMissing = new("ECR3004");
    public static readonly EcrCode ImageRefused = new("ECR3005");
    public static readonly EcrCode PolicyRefused = new("ECR3006");
    public static readonly EcrCode PolicyChanged = new("ECR3007");
    public static readonly EcrCode RepositoryIncomplete = new("ECR3008");
    public static readonly EcrCode KmsRefused = new("ECR3009");
    public static readonly EcrCode ScanFindings = new("ECR3010");
    public static readonly EcrCode ScanUnavailable = new("ECR3011");
    public static readonly EcrCode ImageArchived = new("ECR3012");
    public static readonly EcrCode FilledFromUpstream = new("ECR3013");
    public static readonly EcrCode AlreadyExists = new("ECR3014");
    public static readonly EcrCode SigningFailed = new("ECR3015");

    // 4xxx: engine, archive, network, throttling.

    public static readonly EcrCode EngineUnavailable = new("ECR4001");
    public static readonly EcrCode EngineFailed = new("ECR4002");
    public static readonly EcrCode ArchiveInvalid = new("ECR4003");
    public static readonly EcrCode SourceImageMissing = new("ECR4004");
    public static readonly EcrCode RegistryUnreachable = new("ECR4005");
    public static readonly EcrCode EndpointUnreachable = new("ECR4006");
    public static readonly EcrCode Throttled = new("ECR4007");
    public static readonly EcrCode Cancelled = new("ECR4008");
    public static readonly EcrCode ProtocolMismatch = new("ECR4009");
    public static readonly EcrCode RegistryFailed = new("ECR4010");
    public static readonly EcrCode LoginFailed = new("ECR4011");
    public static readonly EcrCode AnsweredByOther = new("ECR4012");
    public static readonly EcrCode BaseImageUnreadable = new("ECR4013");

    // 5xxx: our own bugs.

    public static readonly EcrCode InternalError = new("ECR5001");

    /// <summary>All codes, in the order of the codes.</summary>
    public static IReadOnlyList<EcrCode> Catalogue { get; } =
    [
        .. typeof(EcrCode)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(EcrCode))
            .Select(field => (EcrCode)field.GetValue(null)!)
            .OrderBy(code => code.Id, StringComparer.Ordinal),
    ];

    /// <summary>The start page of the documentation.</summary>
    public static Uri Documentation { get; } = new("https://ecrbuildtasks.github.io/EcrBuildTasks/");

    /// <summary>The page about the code.</summary>
    public Uri HelpLink => new(Documentation, $"errors/{Id}");

    private EcrCode(string id) => Id = id;

    /// <summary>The code, <c>ECR</c> and four digits.</summary>
    public string Id { get; }

    /// <summary>The meaning of the code in a few words, the title of its page.</summary>
    public string Title => FailureCatalog.EntryOf(this).Title;

    public override string ToString() => Id;
}
