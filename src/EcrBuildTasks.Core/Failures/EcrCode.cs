using System.Reflection;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Failures;

/// <summary>A code of the catalogue. Each has a page under <c>docs/errors</c>.</summary>
/// <param name="Id">The code, <c>ECR</c> and four digits.</param>
/// <param name="Title">The code's meaning in a few words, the title of its page.</param>
public sealed record EcrCode(string Id, string Title)
{
    // 1xxx: configuration, credentials, token.

    /// <summary>The registry is not an ECR host.</summary>
    public static readonly EcrCode RegistryInvalid = new("ECR1001", "The registry is not an Amazon ECR host");

    /// <summary>The repository name breaks ECR's rules.</summary>
    public static readonly EcrCode RepositoryNameInvalid = new("ECR1002", "The repository name is not allowed");

    /// <summary>A tag breaks the rules of tags.</summary>
    public static readonly EcrCode TagInvalid = new("ECR1003", "The image tag is not allowed");

    /// <summary>A property has a value that it cannot have.</summary>
    public static readonly EcrCode PropertyValueInvalid = new("ECR1004", "A property has a value that it cannot have");

    /// <summary>A property that begins with Ecr is none of ours.</summary>
    public static readonly EcrCode PropertyUnknown = new("ECR1005", "A property name is not known");

    /// <summary>The project has several target frameworks and none was chosen.</summary>
    public static readonly EcrCode TargetFrameworkMissing = new("ECR1006", "A target framework has to be chosen");

    /// <summary>The .NET SDK made no container image of the project.</summary>
    public static readonly EcrCode NoImageMade = new("ECR1007", "The project made no container image");

    /// <summary>The MSBuild that runs cannot load the tasks.</summary>
    public static readonly EcrCode HostUnsupported = new("ECR1008", "This MSBuild cannot run the tasks");

    /// <summary>No AWS credentials were found.</summary>
    public static readonly EcrCode NoCredentials = new("ECR1010", "No AWS credentials were found");

    /// <summary>The AWS credentials have expired.</summary>
    public static readonly EcrCode CredentialsExpired = new("ECR1011", "The AWS credentials have expired");

    /// <summary>AWS does not accept the credentials.</summary>
    public static readonly EcrCode CredentialsInvalid = new("ECR1012", "AWS does not accept the credentials");

    /// <summary>No AWS region is known.</summary>
    public static readonly EcrCode NoRegion = new("ECR1013", "No AWS region is known");

    /// <summary>The AWS profile does not exist.</summary>
    public static readonly EcrCode ProfileNotFound = new("ECR1014", "The AWS profile does not exist");

    /// <summary>The IAM Identity Center session has ended.</summary>
    public static readonly EcrCode SsoLoginRequired = new("ECR1015", "The IAM Identity Center session has ended");

    /// <summary>The role could not be assumed.</summary>
    public static readonly EcrCode RoleNotAssumed = new("ECR1016", "The role could not be assumed");

    /// <summary>The clock differs too much from that of AWS.</summary>
    public static readonly EcrCode ClockSkewed = new("ECR1017", "The clock of this machine is wrong");

    /// <summary>AWS gave no authorization token.</summary>
    public static readonly EcrCode TokenUnavailable = new("ECR1018", "Amazon ECR gave no authorization token");

    /// <summary>An IAM Identity Center profile cannot be used by the program.</summary>
    public static readonly EcrCode SsoUnusable = new("ECR1019", "The IAM Identity Center profile cannot be used");

    /// <summary>The docker client's credential store failed.</summary>
    public static readonly EcrCode CredentialStoreFailed = new("ECR1020", "The credential store failed");

    /// <summary>Amazon ECR does not take a parameter.</summary>
    public static readonly EcrCode ParameterInvalid = new("ECR1021", "Amazon ECR does not take a parameter");

    /// <summary>No image is named, and no project says one.</summary>
    public static readonly EcrCode ImageNotNamed = new("ECR1022", "No image is named");

    /// <summary>Of environment variables that are of use together, one is missing.</summary>
    public static readonly EcrCode EnvironmentIncomplete = new(
        "ECR1023",
        "The AWS environment variables are incomplete"
    );

    /// <summary>The web identity token is missing, has ended, or is not taken.</summary>
    public static readonly EcrCode WebIdentityRefused = new("ECR1024", "The web identity gives no credentials");

    /// <summary>The container or the EC2 instance does not give its role's credentials.</summary>
    public static readonly EcrCode RoleCredentialsUnavailable = new(
        "ECR1025",
        "The container or the instance gives no credentials"
    );

    /// <summary>The credential process of the profile failed.</summary>
    public static readonly EcrCode CredentialProcessFailed = new("ECR1026", "The credential process failed");

    /// <summary>The AWS profile is incomplete, or its source profiles lead back to it.</summary>
    public static readonly EcrCode ProfileUnusable = new("ECR1027", "The AWS profile gives no credentials");

    /// <summary>The profile's role wants a code of a device.</summary>
    public static readonly EcrCode MfaRequired = new("ECR1028", "The role wants a code of a device");

    /// <summary>Nobody has logged in to IAM Identity Center.</summary>
    public static readonly EcrCode SsoNotLoggedIn = new("ECR1029", "Nobody has logged in to IAM Identity Center");

    /// <summary>A policy, or the file that holds it, cannot be read, or its backup not written.</summary>
    public static readonly EcrCode PolicyUnreadable = new("ECR1030", "A policy cannot be read or backed up");

    /// <summary>An endpoint URL and FIPS or dual-stack are demanded at once.</summary>
    public static readonly EcrCode EndpointSettingsContradict = new("ECR1031", "Settings name two AWS endpoints");

    /// <summary>An image to push is named by a digest.</summary>
    public static readonly EcrCode DigestNamed = new("ECR1032", "An image to push is named by a digest");

    /// <summary>A tag of the commit or the branch is wanted, and nothing tells it.</summary>
    public static readonly EcrCode RevisionUnknown = new("ECR1033", "The commit or the branch is not known");

    /// <summary>The alias of a public registry is missing.</summary>
    public static readonly EcrCode PublicAliasMissing = new("ECR1035", "The alias of the public registry is missing");

    /// <summary>No public registry has the alias.</summary>
    public static readonly EcrCode PublicAliasUnknown = new("ECR1036", "There is no public registry of this alias");

    /// <summary>The public registry is another account's.</summary>
    public static readonly EcrCode PublicAliasOfAnother = new(
        "ECR1037",
        "The public registry belongs to another account"
    );

    /// <summary>A file or folder of the build cannot be written.</summary>
    public static readonly EcrCode ResultsNotWritable = new("ECR1038", "The results of the push cannot be written");

    /// <summary>The project has no such target.</summary>
    public static readonly EcrCode TargetMissing = new("ECR1039", "The target does not exist in the project");

    // 2xxx: permission.

    /// <summary>The repository policy does not allow the push.</summary>
    public static readonly EcrCode RepositoryPolicySilent = new("ECR2001", "The repository policy allows no push");

    /// <summary>No identity policy of the caller allows the push.</summary>
    public static readonly EcrCode IdentityPolicySilent = new("ECR2002", "The caller's own policies allow no push");

    /// <summary>A statement denies the push.</summary>
    public static readonly EcrCode ExplicitlyDenied = new("ECR2003", "A policy statement denies the push");

    /// <summary>The caller may not get an authorization token.</summary>
    public static readonly EcrCode TokenDenied = new("ECR2004", "The caller may not get an authorization token");

    /// <summary>A policy above the repository and the caller is in the way.</summary>
    public static readonly EcrCode GuardrailDenied = new(
        "ECR2005",
        "An organization, boundary, session or endpoint policy stands in the way"
    );

    /// <summary>The push was denied and AWS did not say why.</summary>
    public static readonly EcrCode DeniedWithoutReason = new("ECR2006", "The push was denied without a reason");

    /// <summary>Whether the push will be allowed could not be found out.</summary>
    public static readonly EcrCode Undecided = new("ECR2007", "The preflight could not decide");

    /// <summary>AWS's answer and the policy analysis differ.</summary>
    public static readonly EcrCode AnalysisDisagrees = new("ECR2008", "AWS and the policy analysis disagree");

    // 21xx: what PolicyLint finds in a policy.

    /// <summary>A principal is one session of a role.</summary>
    public static readonly EcrCode PolicySessionPrincipal = new("ECR2101", "A policy names one session of a role");

    /// <summary>A principal is the id of a deleted role or user.</summary>
    public static readonly EcrCode PolicyOrphanedId = new("ECR2102", "A policy names a deleted role or user");

    /// <summary>A role of a permission set is named with its suffix.</summary>
    public static readonly EcrCode PolicyPermissionSetSuffix = new(
        "ECR2103",
        "A policy names the role of a permission set with its suffix"
    );

    /// <summary>A pattern for a permission set matches others too.</summary>
    public static readonly EcrCode PolicyUnanchoredPermissionSet = new(
        "ECR2104",
        "A pattern matches more permission sets than one"
    );

    /// <summary>An Allow to the repository's own account grants nothing.</summary>
    public static readonly EcrCode PolicyOwnAccount = new(
        "ECR2105",
        "A repository policy allows its own account, which grants nothing"
    );

    /// <summary>An Allow to everyone without a condition.</summary>
    public static readonly EcrCode PolicyEveryone = new("ECR2106", "A policy allows everyone without a condition");

    /// <summary>An ARN is of another partition than the registry.</summary>
    public static readonly EcrCode PolicyWrongPartition = new("ECR2107", "A policy names an ARN of another partition");

    /// <summary>A repository policy has a Resource.</summary>
    public static readonly EcrCode PolicyResource = new("ECR2108", "A repository policy has a Resource");

    public static readonly EcrCode PolicyBatchGetImageMissing = new(
        "ECR2109",
        $"A policy allows every push action except {PushAction.BatchGetImage}"
    );

    /// <summary>A Deny cancels all that an Allow allows.</summary>
    public static readonly EcrCode PolicyAllowCancelled = new(
        "ECR2110",
        "A policy denies all that one of its statements allows"
    );

    /// <summary>A repository policy is near the size limit.</summary>
    public static readonly EcrCode PolicyNearSizeLimit = new("ECR2111", "A repository policy is near its size limit");

    // 3xxx: repository and image rules.

    /// <summary>The repository does not exist.</summary>
    public static readonly EcrCode RepositoryMissing = new("ECR3001", "The repository does not exist");

    /// <summary>The tag exists and the repository is immutable.</summary>
    public static readonly EcrCode TagImmutable = new("ECR3002", "The tag exists and may not be overwritten");

    /// <summary>A quota of the registry is used up.</summary>
    public static readonly EcrCode QuotaExceeded = new("ECR3003", "A quota of the registry is used up");

    /// <summary>The image does not exist in the repository.</summary>
    public static readonly EcrCode ImageMissing = new("ECR3004", "The image does not exist in the repository");

    /// <summary>The registry refused the image.</summary>
    public static readonly EcrCode ImageRefused = new("ECR3005", "The registry refused the image");

    /// <summary>AWS did not take the policy.</summary>
    public static readonly EcrCode PolicyRefused = new("ECR3006", "AWS did not take the policy");

    /// <summary>Somebody else changed the policy meanwhile.</summary>
    public static readonly EcrCode PolicyChanged = new("ECR3007", "The policy has changed in between");

    /// <summary>A repository was created, but a later step failed.</summary>
    public static readonly EcrCode RepositoryIncomplete = new("ECR3008", "A new repository lacks a setting");

    /// <summary>AWS KMS refuses the key of a repository.</summary>
    public static readonly EcrCode KmsRefused = new("ECR3009", "AWS KMS refuses the key of the repository");

    /// <summary>The scan of the pushed image found vulnerabilities.</summary>
    public static readonly EcrCode ScanFindings = new("ECR3010", "The scan of the image found vulnerabilities");

    /// <summary>The scan of the pushed image gave no findings.</summary>
    public static readonly EcrCode ScanUnavailable = new("ECR3011", "The scan of the image gave no findings");

    /// <summary>The image of a tag is archived.</summary>
    public static readonly EcrCode ImageArchived = new("ECR3012", "The image of the tag is archived");

    /// <summary>ECR fills the repository from another registry.</summary>
    public static readonly EcrCode FilledFromUpstream = new("ECR3013", "The repository is a pull through cache");

    /// <summary>The image, or the repository, is there already.</summary>
    public static readonly EcrCode AlreadyExists = new("ECR3014", "The image or the repository already exists");

    // 4xxx: engine, archive, network, throttling.

    public static readonly EcrCode EngineUnavailable = new("ECR4001", "No Docker Engine answers");

    public static readonly EcrCode EngineFailed = new("ECR4002", "The Docker Engine failed");

    /// <summary>The image archive cannot be read.</summary>
    public static readonly EcrCode ArchiveInvalid = new("ECR4003", "The image archive cannot be read");

    /// <summary>The engine does not hold the image.</summary>
    public static readonly EcrCode SourceImageMissing = new("ECR4004", "The image to push does not exist");

    /// <summary>The network failed on the way to the registry.</summary>
    public static readonly EcrCode RegistryUnreachable = new("ECR4005", "The registry could not be reached");

    /// <summary>An AWS endpoint could not be reached.</summary>
    public static readonly EcrCode EndpointUnreachable = new("ECR4006", "An AWS endpoint could not be reached");

    public static readonly EcrCode Throttled = new("ECR4007", "AWS throttled the requests");

    public static readonly EcrCode Cancelled = new("ECR4008", "The push was cancelled");

    /// <summary>The client's protocol does not fit Amazon ECR's.</summary>
    public static readonly EcrCode ProtocolMismatch = new("ECR4009", "The client does not fit Amazon ECR");

    /// <summary>The registry failed, or answered something unknown.</summary>
    public static readonly EcrCode RegistryFailed = new("ECR4010", "The registry failed");

    /// <summary>The engine's command line is not installed, or would not be logged in.</summary>
    public static readonly EcrCode LoginFailed = new("ECR4011", "The engine's command line could not be logged in");

    /// <summary>The address of an AWS service is answered by something that is not AWS.</summary>
    public static readonly EcrCode AnsweredByOther = new("ECR4012", "Something else answers in place of AWS");

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
    public Uri HelpLink => new($"https://github.com/EcrBuildTasks/EcrBuildTasks/blob/main/docs/errors/{Id}.md");

    public override string ToString() => Id;
}
