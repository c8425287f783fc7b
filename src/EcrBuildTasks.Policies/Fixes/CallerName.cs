using System.Text.RegularExpressions;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies.Fixes;

/// <summary>What a caller's ARN names, as far as a fix has to know it.</summary>
internal sealed partial record CallerName(CallerName.Type Kind, string Partition, string Account, string Name)
{
    internal enum Type
    {
        Role,
        User,
        FederatedUser,
        Root,
        Other,
    }

    /// <summary>The name of the IAM Identity Center permission set behind the role; <see langword="null"/> for other callers.</summary>
    public string? PermissionSet =>
        Kind is Type.Role && IdentityCenterRole().Match(Name) is { Success: true } match
            ? match.Groups["set"].Value
            : null;

    public string SidWord => Fixes.SidWord.Create(PermissionSet ?? Name);

    /// <returns><see cref="Type.Other"/> for anything but a valid ARN of the caller's account.</returns>
    public static CallerName FromCaller(Caller caller)
    {
        if (CallerArn.Parse(caller.Arn) is not { } arn || arn.Account != caller.Account)
        {
            return new CallerName(Type.Other, "aws", caller.Account, "");
        }

        var (kind, name) = arn.Type switch
        {
            "user" => (Type.User, arn.Name),
            "federated-user" => (Type.FederatedUser, arn.Name),
            "root" => (Type.Root, "root"),
            _ => (Type.Role, arn.Name),
        };
        return new CallerName(kind, arn.Partition, arn.Account, name);
    }

    [GeneratedRegex(
        @"^AWSReservedSSO_(?<set>.+)_[0-9a-f]{16}\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IdentityCenterRole();
}
