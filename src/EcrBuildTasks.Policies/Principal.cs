using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>What a principal in a policy names.</summary>
internal enum PrincipalKind
{
    Everyone,

    /// <summary>An account: its 12 digits, or the ARN of its root.</summary>
    Account,

    /// <summary>A role, and so each of its sessions.</summary>
    Role,

    RoleSession,

    User,

    FederatedUser,

    /// <summary>The unique id (<c>AROA…</c>, <c>AIDA…</c>) that a deleted role or user leaves behind.</summary>
    UniqueId,

    /// <summary>A service, an identity provider, a canonical user: never an IAM caller.</summary>
    NotAnIamCaller,
}

/// <summary>One principal of a statement.</summary>
public sealed class Principal
{
    private Principal(PrincipalKind kind, string text, string partition = "", string account = "", string name = "")
    {
        Kind = kind;
        Text = text;
        Partition = partition;
        Account = account;
        Name = name;
    }

    internal PrincipalKind Kind { get; }

    public string Text { get; }

    /// <summary>Whether it is of the type <c>AWS</c>, not a service or an identity provider.</summary>
    internal bool IsAws { get; private init; } = true;

    /// <summary>The partition of its ARN; empty when it is no ARN.</summary>
    public string Partition { get; }

    /// <summary>The account of its ARN, or the account itself; empty for the other kinds.</summary>
    public string Account { get; }

    /// <summary>Of a role the name without its path; else what follows the kind in the ARN.</summary>
    public string Name { get; }

    internal static Principal OfAws(string text)
    {
        if (text == "*")
        {
            return new Principal(PrincipalKind.Everyone, text);
        }

        if (text.Length == 12 && text.All(char.IsAsciiDigit))
        {
            return new Principal(PrincipalKind.Account, text, account: text);
        }

        if (Arn.Parse(text) is { } arn)
        {
            return OfArn(text, arn);
        }

        return text.StartsWith('A') && text.All(char.IsAsciiLetterOrDigit)
            ? new Principal(PrincipalKind.UniqueId, text)
            : new Principal(PrincipalKind.NotAnIamCaller, text);
    }

    internal static Principal OfOther(string text) => new(PrincipalKind.NotAnIamCaller, text) { IsAws = false };

    private static Principal OfArn(string text, Arn arn)
    {
        var (partition, service, _, account, resource) = arn;
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        var (type, rest) = slash < 0 ? (resource, "") : (resource[..slash], resource[(slash + 1)..]);
        return (service, type) switch
        {
            ("iam", "root") when slash < 0 => new Principal(PrincipalKind.Account, text, partition, account),
            ("iam", "role") => new Principal(
                PrincipalKind.Role,
                text,
                partition,
                account,
                rest[(rest.LastIndexOf('/') + 1)..]
            ),
            ("iam", "user") => new Principal(PrincipalKind.User, text, partition, account, rest),
            ("sts", "assumed-role") => new Principal(PrincipalKind.RoleSession, text, partition, account, rest),
            ("sts", "federated-user") => new Principal(PrincipalKind.FederatedUser, text, partition, account, rest),
            _ => new Principal(PrincipalKind.NotAnIamCaller, text),
        };
    }
}
