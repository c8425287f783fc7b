using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>Why a push failed, as far as a text says. Of the text it holds only the names below.</summary>
public sealed record FailureReading
{
    internal FailureReading(Failure failure) => Failure = failure;

    /// <summary>The stable name of the failure, such as <c>denied-no-resource-policy</c>; <c>unknown</c> if the text has none.</summary>
    public string Kind => Failure.Kind;

    /// <summary>The code; <see langword="null"/> if no failure was found.</summary>
    public EcrCode? Code => Failure.Code;

    public IReadOnlyList<string> Remedies =>
        [
            .. (
                Operation is Failures.Operation.Pull && Failure.OnPull.Count > 0 ? Failure.OnPull : Failure.Remedies
            ).Select(remedy =>
                OptionsOfRepository is { } options
                    ? remedy.Replace(
                        "--registry-id <account> --repository-names <repository> --region <region>",
                        options,
                        StringComparison.Ordinal
                    )
                    : remedy
            ),
        ];

    /// <summary>AWS's sentence about a denied request, if the text has it.</summary>
    public DenialMessage? Denial { get; init; }

    /// <summary>The reason that AWS gives, also if the sentence's beginning is lost.</summary>
    public DenialReason? Reason { get; init; }

    /// <summary>The denied caller, as the text names it.</summary>
    public string? Principal => Denial?.Principal;

    public string? Action => Denial?.Action ?? Reason?.Action;

    public string? Resource => Denial?.Resource;

    /// <summary>The kind of policy that denies or does not allow it, in AWS's words, such as <c>resource-based policy</c>.</summary>
    public string? PolicyType => Reason?.PolicyKind is { } kind ? DenialReason.Name(kind) : null;

    public string? PolicyArn => Reason?.PolicyArn;

    /// <summary>Where AWS returns the policies that it evaluated.</summary>
    public AuthorizationDetails? Authorization { get; init; }

    /// <summary>The 12 digits of the account of <see cref="Principal"/>.</summary>
    public string? CallerAccount => AccountOf(Principal);

    /// <summary>The 12 digits of the account of the repository.</summary>
    public string? RepositoryAccount =>
        AccountOf(Resource) ?? Named?.Account ?? (Image?.Registry?.Account is { Length: > 0 } account ? account : null);

    /// <summary>The registry that the text names last before the failure.</summary>
    public EcrRegistry? Registry => Image?.Registry;

    /// <summary>The repository that the sentence names, else the one that the text names last before the failure.</summary>
    public string? Repository =>
        Resource?.Split(":repository/", 2) is [_, { Length: > 0 } name] ? name : Named?.Name ?? Image?.Repository;

    /// <summary>The cause, in one sentence that stands alone.</summary>
    public string Cause =>
        this switch
        {
            { Principal: { } principal, Action: { } action } =>
                $"{principal} is not allowed to perform {action}{On}: {Lower(Failure.Cause)}",
            { Action: { } action } => $"{action} is denied{On}: {Lower(Failure.Cause)}",
            { Code: null } or { Failure.Line: LineKind.Diagnosis } => Failure.Cause,
            _ => $"{At}{Failure.Cause}",
        };

    /// <summary>The statements that fix a denial, if the text says enough of it.</summary>
    public IReadOnlyList<PolicyFix> Fixes => FailureFixes.Find(this);

    /// <summary>Why no statement is suggested, or what to check before one is applied; <see langword="null"/> for other failures.</summary>
    public string? FixNote => FailureFixes.Note(this);

    /// <summary>The words for people; <see langword="null"/> if no failure was found.</summary>
    public EcrDiagnostic? Diagnostic =>
        Code is null
            ? null
            : EcrDiagnostic.Error(Code, Cause, [.. Why, .. Evaluated, .. Remedies, .. FailureFixes.Lines(this)]);

    internal Failure Failure { get; init; }

    internal ImageMention? Image { get; init; }

    internal RepositoryName? Named { get; init; }

    internal Operation? Operation { get; init; }

    /// <summary>Whether the text is AWS's own answer, so that its names can be trusted.</summary>
    internal bool IsAnswer { get; init; }

    /// <summary>
    /// How much it says. The denial of a call that is not ECR's, nor for its token, may be a side call of the push; a reason
    /// that has lost its sentence says less than a whole one.
    /// </summary>
    internal LineKind Weight =>
        Failure.Line is LineKind.Cause
        && (
            Denial is { HasBeginning: false }
            || Denial is null && Reason is not null
            || Action is { } action && !IsOfPush(action)
        )
            ? LineKind.Fault
            : Failure.Line;

    private string? OptionsOfRepository =>
        Arn.Parse(Resource) is { IsInOneAccount: true, IsPublic: false, Repository: { } name } arn
        && Policies.Names.RepositoryName.IsValid(name, RegistryKind.Private)
        && AwsPartition.IsRegionName(arn.Region)
            ? $"--registry-id {arn.Account} --repository-names {name} --region {arn.Region}"
            : null;

    private string On => Resource is { } resource ? $" on {(resource == "*" ? "any resource" : resource)}" : "";

    private string At =>
        Registry is { } registry ? $"{registry}{(Repository is { } repository ? $"/{repository}" : "")}: " : "";

    private IEnumerable<string> Why =>
        PolicyType is { } type
            ?
            [
                $"Why: AWS reported {(Reason!.IsExplicit ? "an explicit deny in" : "that no statement allows it in")} the {type}{(PolicyArn is { } arn ? $" {arn}" : "")}.",
            ]
            : [];

    private IEnumerable<string> Evaluated =>
        Authorization is { } details
            ?
            [
                "For 24 hours, this command shows all policies that AWS evaluated:",
                $"  {details.Command(Registry?.Region ?? "<region>")}",
            ]
            : [];

    private static string Lower(string sentence) =>
        char.IsUpper(sentence[1]) ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static bool IsOfPush(string action) =>
        action.StartsWith("ecr", StringComparison.OrdinalIgnoreCase)
        || StsActions.Include(action)
        || action.StartsWith("kms:", StringComparison.OrdinalIgnoreCase)
        || action.StartsWith('<');

    private static string? AccountOf(string? arn) =>
        Arn.Parse(arn)?.Account is { Length: 12 } account && account.All(char.IsAsciiDigit) ? account : null;
}

/// <summary>A registry that a log names, <see langword="null"/> if its host is masked, and the repository behind it.</summary>
internal sealed partial record ImageMention(EcrRegistry? Registry, string? Repository)
{
    public static ImageMention? LastIn(string line)
    {
        if (!line.Contains("ecr", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        ImageMention? last = null;
        for (var image = Image().Match(line); image.Success; image = image.NextMatch())
        {
            var path = PathIn(image.Groups["repository"].Value);
            var mention = new ImageMention(null, path.Length > 0 ? path : null);
            if (EcrRegistry.IsEcrHost(image.Groups["host"].Value))
            {
                var registry = EcrRegistry.Parse(image.Groups["host"].Value);
                var (named, repository) = registry.TakeAlias(path);
                mention = repository.Length > 0 && named.HasAllowedAlias ? new(named, repository) : new(registry, null);
            }

            last = mention.Over(last);
        }

        return last;
    }

    /// <summary>This mention, or the one before it if that says more of the same registry.</summary>
    public ImageMention Over(ImageMention? before) =>
        Repository is null && before is { Repository: not null } && before.Registry?.Host == Registry?.Host
            ? before
            : this;

    /// <summary>The name behind the host; the registry's own paths, of its protocol and its token service, are none.</summary>
    private static string PathIn(string text) =>
        text is "v2/" or "token/" or "token"
            ? ""
            : text.Split("/blobs/")[0].Split("/manifests/")[0].TrimEnd('.', '-', '/', '_');

    [GeneratedRegex(
        @"(?<host>([0-9]{12}|\[\w+\]|[*#<>$\{\}\w-]{1,40})\.dkr[.-]ecr(-fips)?\.[*<>$\{\}\w-]+\.[a-z0-9.-]*[a-z]|(public\.ecr|ecr-public)\.aws(\.com)?)(:[0-9]+)?(/(v2/)?(?<repository>[a-z0-9][a-z0-9._/-]*))?",
        RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
    )]
    private static partial Regex Image();
}

/// <summary>The repository that a sentence of ECR or of a client names, and the account of its registry.</summary>
internal sealed partial record RepositoryName(string Name, string? Account)
{
    public static RepositoryName? Find(string text) =>
        text.Contains("repository", StringComparison.OrdinalIgnoreCase)
        && Sentence().Match(text) is { Success: true, Groups: var groups }
            ? new(groups["name"].Value, groups["account"] is { Success: true } account ? account.Value : null)
            : null;

    [GeneratedRegex(
        @"(repository\s+(with\s+name\s+)?'(?<name>[a-z0-9][a-z0-9._/-]*)'|'(?<name>[a-z0-9][a-z0-9._/-]*)'\s+repository)([^\n]*registry\s+with\s+id\s+'(?<account>[0-9]{12})')?",
        RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
            | RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
    )]
    private static partial Regex Sentence();
}
