using System.Reflection;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures;

/// <summary>A code of the catalogue. Each has a page under <c>docs/errors</c>.</summary>
/// <param name="Id">The code, <c>ECR</c> and four digits.</param>
/// <param name="Title">The code's meaning in a few words, the title of its page.</param>
public sealed record EcrCode(string Id, string Title)
{
    // 1xxx: configuration, credentials, token

    public static readonly EcrCode RegistryInvalid = new("ECR1001", "The registry is not an Amazon ECR host");
    public static readonly EcrCode RepositoryNameInvalid = new("ECR1002", "The repository name is not allowed");
    public static readonly EcrCode TagInvalid = new("ECR1003", "The image tag is not allowed");
    public static readonly EcrCode PropertyValueInvalid = new("ECR1004", "A property has an invalid value");
    public static readonly EcrCode PropertyUnknown = new("ECR1005", "A property does not exist");
    public static readonly EcrCode TargetFrameworkMissing = new("ECR1006", "A target framework must be chosen");
    public static readonly EcrCode NoImageMade = new("ECR1007", "The project made no container image");
    public static readonly EcrCode HostUnsupported = new("ECR1008", "This MSBuild cannot run the tasks");
    public static readonly EcrCode NoCredentials = new("ECR1010", "No AWS credentials were found");
    public static readonly EcrCode CredentialsExpired = new("ECR1011", "The AWS credentials have expired");
    public static readonly EcrCode CredentialsInvalid = new("ECR1012", "AWS does not accept the credentials");
    public static readonly EcrCode NoRegion = new("ECR1013", "No AWS Region is set");
    public static readonly EcrCode ProfileNotFound = new("ECR1014", "The AWS profile does not exist");
    public static readonly EcrCode SsoLoginRequired = new("ECR1015", "The IAM Identity Center session has ended");
    public static readonly EcrCode RoleNotAssumed = new("ECR1016", "The role could not be assumed");
    public static readonly EcrCode ClockSkewed = new("ECR1017", "The clock of this machine is wrong");
    public static readonly EcrCode TokenUnavailable = new("ECR1018", "Amazon ECR returned no authorization token");
    public static readonly EcrCode SsoUnusable = new("ECR1019", "The IAM Identity Center profile cannot be used");
    public static readonly EcrCode CredentialStoreFailed = new("ECR1020", "The credential store failed");
    public static readonly EcrCode ParameterInvalid = new("ECR1021", "Amazon ECR does not accept a parameter");
    public static readonly EcrCode ImageNotNamed = new("ECR1022", "No image is named");
    public static readonly EcrCode EnvironmentIncomplete = new(
        "ECR1023",
        "The AWS environment variables are incomplete"
    );
    public static readonly EcrCode WebIdentityRefused = new("ECR1024", "The web identity returned no credentials");
    public static readonly EcrCode RoleCredentialsUnavailable = new(
        "ECR1025",
        "The container or the instance returned no credentials"
    );
    public static readonly EcrCode CredentialProcessFailed = new("ECR1026", "The credential process failed");
    public static readonly EcrCode ProfileUnusable = new("ECR1027", "The AWS profile returned no credentials");
    public static readonly EcrCode MfaRequired = new("ECR1028", "The role requires MFA");
    public static readonly EcrCode SsoNotLoggedIn = new("ECR1029", "Not logged in to IAM Identity Center");
    public static readonly EcrCode PolicyUnreadable = new("ECR1030", "A policy cannot be read or backed up");
    public static readonly EcrCode EndpointSettingsContradict = new("ECR1031", "Settings name two AWS endpoints");
    public static readonly EcrCode DigestNamed = new("ECR1032", "An image to push is named by a digest");
    public static readonly EcrCode RevisionUnknown = new("ECR1033", "The commit or the branch is not known");
    public static readonly EcrCode PublicAliasMissing = new("ECR1035", "The alias of the public registry is missing");
    public static readonly EcrCode PublicAliasUnknown = new("ECR1036", "The public registry does not exist");
    public static readonly EcrCode PublicAliasOfAnother = new(
        "ECR1037",
        "The public registry belongs to another account"
    );
    public static readonly EcrCode ResultsNotWritable = new("ECR1038", "The results of the push cannot be written");
    public static readonly EcrCode TargetMissing = new("ECR1039", "The target does not exist in the project");

    // 2xxx: permission.

    public static readonly EcrCode RepositoryPolicySilent = new(
        "ECR2001",
        "The repository policy does not allow the push"
    );
    public static readonly EcrCode IdentityPolicySilent = new(
        "ECR2002",
        "The caller's identity policies do not allow the push"
    );
    public static readonly EcrCode ExplicitlyDenied = new("ECR2003", "A policy statement denies the push");
    public static readonly EcrCode TokenDenied = new(
        "ECR2004",
        "The caller is not allowed to get an authorization token"
    );
    public static readonly EcrCode GuardrailDenied = new(
        "ECR2005",
        "An organization, boundary, session or endpoint policy denies the push"
    );
    public static readonly EcrCode DeniedWithoutReason = new("ECR2006", "The push was denied without a reason");
    public static readonly EcrCode Undecided = new("ECR2007", "The preflight could not decide");
    public static readonly EcrCode AnalysisDisagrees = new("ECR2008", "AWS and the policy analysis disagree");

    // 21xx: what PolicyLint finds in a policy.

    public static readonly EcrCode PolicySessionPrincipal = new("ECR2101", "A policy names one session of a role");
    public static readonly EcrCode PolicyOrphanedId = new("ECR2102", "A policy names a deleted role or user");
    public static readonly EcrCode PolicyPermissionSetSuffix = new(
        "ECR2103",
        "A policy names a permission set role with its suffix"
    );
    public static readonly EcrCode PolicyUnanchoredPermissionSet = new(
        "ECR2104",
        "A pattern matches more than one permission set"
    );
    public static readonly EcrCode PolicyOwnAccount = new(
        "ECR2105",
        "A repository policy allows its own account, which grants nothing"
    );
    public static readonly EcrCode PolicyEveryone = new("ECR2106", "A policy allows everyone");
    public static readonly EcrCode PolicyWrongPartition = new("ECR2107", "A policy names an ARN of another partition");
    public static readonly EcrCode PolicyResource = new("ECR2108", "A repository policy has a Resource");
    public static readonly EcrCode PolicyBatchGetImageMissing = new(
        "ECR2109",
        $"A policy allows every push action except {PushAction.BatchGetImage}"
    );
    public static readonly EcrCode PolicyAllowCancelled = new(
        "ECR2110",
        "A policy denies all that one of its statements allows"
    );
    public static readonly EcrCode PolicyNearSizeLimit = new("ECR2111", "A repository policy is near its size limit");
    public static readonly EcrCode PolicyConditionWithoutEffect = new("ECR2112", "A condition restricts nothing");
    public static readonly EcrCode PolicyUnknownAction = new(
        "ECR2113",
        "A repository policy names an action that it cannot allow"
    );
    public static readonly EcrCode PolicyInvalidPrincipal = new("ECR2114", "A policy names an invalid principal");
    public static readonly EcrCode PolicyUnusableCondition = new("ECR2115", "A condition cannot work as written");

    // 3xxx: repository and image rules.

    public static readonly EcrCode RepositoryMissing = new("ECR3001", "The repository does not exist");
    public static readonly EcrCode TagImmutable = new("ECR3002", "The tag exists and cannot be overwritten");
    public static readonly EcrCode QuotaExceeded = new("ECR3003", "A quota of the registry is used up");
    public static readonly EcrCode ImageMissing = new("ECR3004", "The image does not exist in the repository");
    public static readonly EcrCode ImageRefused = new("ECR3005", "The registry refused the image");
    public static readonly EcrCode PolicyRefused = new("ECR3006", "AWS did not accept the policy");
    public static readonly EcrCode PolicyChanged = new("ECR3007", "The policy has changed since it was read");
    public static readonly EcrCode RepositoryIncomplete = new("ECR3008", "A new repository lacks a setting");
    public static readonly EcrCode KmsRefused = new("ECR3009", "AWS KMS refuses the key of the repository");
    public static readonly EcrCode ScanFindings = new("ECR3010", "The scan of the image found vulnerabilities");
    public static readonly EcrCode ScanUnavailable = new("ECR3011", "The image scan returned no findings");
    public static readonly EcrCode ImageArchived = new("ECR3012", "The image of the tag is archived");
    public static readonly EcrCode FilledFromUpstream = new("ECR3013", "The repository is a pull through cache");
    public static readonly EcrCode AlreadyExists = new("ECR3014", "The image or the repository already exists");

    // 4xxx: engine, archive, network, throttling.

    public static readonly EcrCode EngineUnavailable = new("ECR4001", "No Docker Engine is available");
    public static readonly EcrCode EngineFailed = new("ECR4002", "The Docker Engine failed");
    public static readonly EcrCode ArchiveInvalid = new("ECR4003", "The image archive cannot be read");
    public static readonly EcrCode SourceImageMissing = new("ECR4004", "The image to push does not exist");
    public static readonly EcrCode RegistryUnreachable = new("ECR4005", "The registry could not be reached");
    public static readonly EcrCode EndpointUnreachable = new("ECR4006", "An AWS endpoint could not be reached");
    public static readonly EcrCode Throttled = new("ECR4007", "AWS throttled the requests");
    public static readonly EcrCode Cancelled = new("ECR4008", "The push was cancelled");
    public static readonly EcrCode ProtocolMismatch = new("ECR4009", "The client is not compatible with Amazon ECR");
    public static readonly EcrCode RegistryFailed = new("ECR4010", "The registry failed");
    public static readonly EcrCode LoginFailed = new("ECR4011", "The container engine could not be logged in");
    public static readonly EcrCode AnsweredByOther = new("ECR4012", "The answer does not come from AWS");

    // 5xxx: our own bugs.

    public static readonly EcrCode InternalError = new("ECR5001", "A bug in EcrBuildTasks");

    /// <summary>The whole catalogue, in the order of the codes.</summary>
    public static IReadOnlyList<EcrCode> Catalogue { get; } =
    [
        .. typeof(EcrCode)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(EcrCode))
            .Select(field => (EcrCode)field.GetValue(null)!)
            .OrderBy(code => code.Id, StringComparer.Ordinal),
    ];

    /// <summary>The page about the code.</summary>
    public Uri HelpLink => new($"https://ecrbuildtasks.github.io/EcrBuildTasks/errors/{Id}");

    public override string ToString() => Id;
}
