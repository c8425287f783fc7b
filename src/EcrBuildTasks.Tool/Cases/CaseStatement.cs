using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Tool.Cases;

/// <summary>A statement as cases and answers name it.</summary>
/// <param name="Policy"><c>repository</c>, <c>registry</c>, <c>identity</c>, <c>boundary</c> or <c>session</c>.</param>
/// <param name="Name">The name of an identity policy; <see langword="null"/> for the other kinds.</param>
/// <param name="Index">The statement's index in the policy, from 0.</param>
internal sealed record CaseStatement(string Policy, string? Name, int Index)
{
    private const string Identity = "identity";

    public static CaseStatement FromReference(StatementReference reference) =>
        new(NameOf(reference.Policy), reference.PolicyName, reference.Index);

    /// <summary>Reads an entry of <c>expected.statements</c>; the <c>decidedBy</c> of an answer can be pasted there.</summary>
    /// <exception cref="CaseFormatException">A field has an invalid value.</exception>
    public static CaseStatement Read(CaseField json)
    {
        var policy = json["policy"].Text();
        if (policy is not ("repository" or "registry" or Identity or "boundary" or "session"))
        {
            throw new CaseFormatException(
                $"\"{json.Path}.policy\" must be one of repository, registry, identity, boundary, session, but is \"{policy}\"."
            );
        }

        var index = json["index"] is { IsAbsent: false } given ? given : json["statement"];
        return new CaseStatement(policy, policy is Identity ? json["name"].Text() : null, index.Index());
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Name is null ? $"{Policy} statement {Index}" : $"{Policy} \"{Name}\" statement {Index}";

    public static string NameOf(PolicyKind kind) =>
        kind switch
        {
            PolicyKind.Repository => "repository",
            PolicyKind.Registry => "registry",
            PolicyKind.Identity => Identity,
            PolicyKind.PermissionsBoundary => "boundary",
            PolicyKind.Session => "session",
            _ => throw new ArgumentOutOfRangeException(
                nameof(kind),
                kind,
                "A case does not support this kind of policy."
            ),
        };
}
