using System.Text.Json;

namespace EcrBuildTasks.Policies;

/// <summary>The <c>Principal</c> or <c>NotPrincipal</c> of a statement; a list is an OR.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html</remarks>
public sealed class PrincipalElement
{
    private readonly Principal[] _principals;

    private PrincipalElement(Principal[] principals, bool isNegated)
    {
        this._principals = principals;
        IsNegated = isNegated;
    }

    public IReadOnlyList<Principal> Principals => _principals;

    /// <summary>Whether it is a <c>NotPrincipal</c>, which means everyone except those listed.</summary>
    public bool IsNegated { get; }

    internal static PrincipalElement Read(JsonElement json, bool isNegated, StatementLocation at)
    {
        var name = isNegated ? "NotPrincipal" : "Principal";
        return new PrincipalElement(
            json.ValueKind is JsonValueKind.Object
                ? [.. json.EnumerateObject().SelectMany(type => ReadType(type, name, at))]
                : [.. at.Strings(name, json).Select(text => Everyone(text, name, at))],
            isNegated
        );
    }

    internal ReachRange ReachOf(Effect effect, in Question question)
    {
        if (IsNegated)
        {
            return NotPrincipalMatching.ReachOfAllBut(_principals, effect, question);
        }

        var reach = ReachRange.None;
        foreach (var principal in _principals)
        {
            reach = reach.Or(principal.ReachOf(question));
        }

        if (reach.Certain != reach.Possible)
        {
            question.Lacks("which IAM user created the session of the federated user");
        }

        return reach;
    }

    private static IEnumerable<Principal> ReadType(JsonProperty type, string name, StatementLocation at)
    {
        if (type.Name is not ("AWS" or "Service" or "Federated" or "CanonicalUser"))
        {
            throw new PolicyFormatException(
                $"Statement {at.Number}: \"{name}\" supports AWS, Service, Federated and CanonicalUser, but not \"{type.Name}\"."
            );
        }

        return at.Strings($"{name}.{type.Name}", type.Value)
            .Select(text => type.Name == "AWS" ? Principal.OfAws(text) : Principal.OfOther(text));
    }

    private static Principal Everyone(string text, string name, StatementLocation at) =>
        text == "*"
            ? Principal.OfAws(text)
            : throw new PolicyFormatException(
                $"Statement {at.Number}: \"{name}\" must be an object or \"*\", but is \"{text}\"."
            );
}
