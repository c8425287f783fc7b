using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures.Reading;

/// <summary>What a text tells of a failed push. It holds no word of the text but the parts below.</summary>
public sealed record FailureReading(FailureKind Kind)
{
    /// <summary>The code; <see langword="null"/> when no failure was found.</summary>
    public EcrCode? Code { get; init; } = Kind.Code;

    /// <summary>AWS's sentence about a denied request, where the text has it.</summary>
    public DenialMessage? Denial { get; init; }

    /// <summary>The reason that AWS gives, also where the sentence's beginning is lost.</summary>
    public DenialReason? Reason { get; init; }

    /// <summary>Who was denied, as the text names it.</summary>
    public string? Principal => Denial?.Principal;

    public string? Action => Denial?.Action ?? Reason?.Action;

    /// <summary>The resource on which it was denied.</summary>
    public string? Resource => Denial?.Resource;

    /// <summary>The kind of policy that denies or is silent, in AWS's words, such as <c>resource-based policy</c>.</summary>
    public string? PolicyType => Reason?.PolicyKind is { } kind ? DenialReason.Name(kind) : null;

    public string? PolicyArn => Reason?.PolicyArn;

    /// <summary>The 12 digits of the account of <see cref="Principal"/>.</summary>
    public string? CallerAccount => AccountOf(Principal);

    /// <summary>The 12 digits of the account of the repository.</summary>
    public string? RepositoryAccount =>
        AccountOf(Resource) ?? (Image?.Registry.Account is { Length: > 0 } account ? account : null);

    /// <summary>The registry that the text names last before the failure.</summary>
    public EcrRegistry? Registry => Image?.Registry;

    /// <summary>The repository: of <see cref="Resource"/>, else the one that the text names last before the failure.</summary>
    public string? Repository =>
        Resource?.Split(":repository/", 2) is [_, { Length: > 0 } name] ? name : Image?.Repository;

    /// <summary>The cause, in one sentence that stands alone.</summary>
    public string Cause => FailureWords.Cause(this);

    /// <summary>The statements that mend a denial, where the text tells enough of it.</summary>
    public IReadOnlyList<PolicyFix> Fixes => FailureFixes.Of(this);

    /// <summary>Why no statement is suggested, or what to check before one is applied; <see langword="null"/> for other failures.</summary>
    public string? FixNote => FailureFixes.Note(this);

    /// <summary>The words for people; <see langword="null"/> when no failure was found.</summary>
    public EcrDiagnostic? Diagnostic => Code is null ? null : FailureWords.Of(this, Code);

    internal ImageMention? Image { get; init; }

    /// <summary>
    /// A denial by another service than ECR and its token is a circumstance of a push, not its failure; a reason that
    /// has lost its sentence tells less than a whole one.
    /// </summary>
    internal Evidence Evidence =>
        Kind.Evidence is Evidence.Cause
        && (
            Denial is { HasBeginning: false }
            || Denial is null && Reason is not null
            || Action is { } action && !IsOfPush(action)
        )
            ? Evidence.Circumstance
            : Kind.Evidence;

    private static bool IsOfPush(string action) =>
        action.StartsWith("ecr", StringComparison.OrdinalIgnoreCase)
        || StsActions.Include(action)
        || action.StartsWith('<');

    private static string? AccountOf(string? arn) =>
        Arn.Parse(arn)?.Account is { Length: 12 } account && account.All(char.IsAsciiDigit) ? account : null;
}
