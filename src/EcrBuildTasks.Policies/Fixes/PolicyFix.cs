namespace EcrBuildTasks.Policies.Fixes;

/// <summary>A statement to add to one policy.</summary>
public sealed record PolicyFix
{
    /// <summary>MSBuild's terminal logger indents by 6 columns and breaks a line at the 80th, if the terminal has no more.</summary>
    public const int TerminalWidth = 72;

    internal const int LongestRepositoryPolicy = 10_240;

    /// <summary>The kind of the policy: <see cref="PolicyKind.Repository"/> or <see cref="PolicyKind.Identity"/>.</summary>
    public required PolicyKind Policy { get; init; }

    /// <summary>The account in which the policy must be changed.</summary>
    public required string OwnerAccount { get; init; }

    public required Statement Statement { get; init; }

    /// <summary>Further statements for the same identity policy.</summary>
    public IReadOnlyList<Statement> Also { get; init; } = [];

    /// <summary>The denial that it fixes.</summary>
    public required FixRequest Request { get; init; }

    /// <summary>
    /// The whole repository policy with the statement added and all others as they were; <see langword="null"/> when the
    /// policy was not seen, and for an identity policy.
    /// </summary>
    public PolicyDocument? ChangedPolicy =>
        Policy is PolicyKind.Repository && Request.RepositoryPolicySeen
            ? (Request.RepositoryPolicy ?? PolicyDocument.Empty).With(Statement)
            : null;

    /// <summary>An identity policy may be one of its own.</summary>
    internal PolicyDocument? WholePolicy =>
        Policy is PolicyKind.Identity
            ? Also.Prepend(Statement).Aggregate(PolicyDocument.Empty, (policy, statement) => policy.With(statement))
            : ChangedPolicy;

    /// <summary>Whether the changed policy is longer than the 10,240 characters that ECR takes.</summary>
    public bool IsTooLong => ChangedPolicy?.ToJson().Length > LongestRepositoryPolicy;

    /// <summary>What the owner of the policy has to do.</summary>
    public string Instruction =>
        Policy is PolicyKind.Repository
            ? RepositoryPolicyCommand.Instruction(this)
            : IdentityPolicyCommand.Instruction(this);

    /// <summary>The fix in one of the forms in which its owner may keep the policy.</summary>
    /// <returns>
    /// <see langword="null"/> when there is no such form: the policy was not seen or would be too long, or the caller's
    /// identity policy is not kept in this form.
    /// </returns>
    public string? Render(FixFormat format) =>
        format switch
        {
            FixFormat.Statement when Also.Count == 0 => ToJson(),
            FixFormat.Statement or FixFormat.Policy => IsTooLong ? null : WholePolicy?.ToJson(indented: true),
            FixFormat.AwsCommand => AwsCommand(),
            FixFormat.Terraform => TerraformFormat.Render(this),
            FixFormat.CloudFormation => CloudFormationFormat.Render(this),
            FixFormat.Cdk => CdkFormat.Render(this),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
        };

    /// <summary>What to add, folded for a terminal, and the command of the tool that adds it, if there is one.</summary>
    /// <param name="width">So many columns the statement has at most, with its indent.</param>
    public IReadOnlyList<string> ToLines(int width) =>
        [
            Instruction,
            .. Statement.ToLines(width).Select(line => $"  {line}"),
            .. ToolCommand is { } command
                ? [$"With credentials of account {OwnerAccount}: {command}"]
                : Array.Empty<string>(),
        ];

    /// <summary>The statement as indented JSON.</summary>
    public string ToJson() => Statement.ToJson(indented: true);

    /// <summary>
    /// The exact command for bash that applies the fix with the AWS CLI (and jq, where an existing policy is merged), run
    /// by the owner of the policy in any place. It never removes a statement.
    /// </summary>
    /// <returns><see langword="null"/> when no command can: <see cref="Instruction"/> tells what to do then.</returns>
    public string? AwsCommand() =>
        Policy is PolicyKind.Repository ? RepositoryPolicyCommand.For(this) : IdentityPolicyCommand.For(this);

    /// <summary>The command of the tool for any shell, run by the owner of the policy in any place.</summary>
    /// <returns><see langword="null"/> when no command can: for an identity policy, for actions that neither a push nor a pull
    /// needs, and where the image is not known or a name cannot be quoted for any shell.</returns>
    public string? ToolCommand =>
        Policy is PolicyKind.Repository
        && !IsTooLong
        && UseOption is { } use
        && Request.Image is { } image
        && ShellWord.QuoteForAnyShell(image) is { } repository
        && ShellWord.QuoteForAnyShell(Request.RoleArn ?? Request.Caller.Arn) is { } principal
            ? $"dotnet ecr policy fix {repository} --principal {principal}{use} --apply"
            : null;

    // The command adds the actions of a push, or those of a pull.
    private string? UseOption =>
        AreAll(PushAction.OnRepository) ? ""
        : AreAll(EcrActions.ForPull) ? " --for pull"
        : null;

    private bool AreAll(IReadOnlyList<string> actions) =>
        Request
            .Actions.Select(PushAction.InPrivate)
            .All(action => actions.Contains(action, StringComparer.OrdinalIgnoreCase));
}
