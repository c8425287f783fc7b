using System.Globalization;
using System.Xml.Linq;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>AWS IAM, as far as roles and users of the caller's account are asked for and given inline policies.</summary>
internal sealed class IamApi : IQueryService
{
    private readonly IdentityDirectory _directory;
    private readonly Authorizer _authorizer;
    private readonly Dictionary<
        string,
        (string Kind, Func<QueryRequest, Holder, IEnumerable<XElement>> Run)
    > _operations;

    public IamApi(IdentityDirectory directory, Authorizer authorizer)
    {
        (_directory, _authorizer) = (directory, authorizer);
        _operations = new(StringComparer.Ordinal) { ["GetRole"] = ("Role", (_, holder) => [Describe(holder.Role!)]) };
        foreach (var kind in (string[])["Role", "User"])
        {
            _operations[$"Put{kind}Policy"] = (kind, Put);
            _operations[$"Get{kind}Policy"] = (kind, Get);
            _operations[$"Delete{kind}Policy"] = (kind, Delete);
        }
    }

    public string Name => "iam";

    public string Version => "2010-05-08";

    public XNamespace Xml { get; } = "https://iam.amazonaws.com/doc/2010-05-08/";

    public IReadOnlyList<string> Operations => [.. _operations.Keys];

    public bool NeedsSignature(string action) => true;

    public IEnumerable<XElement> Answer(QueryRequest request)
    {
        var (kind, run) = _operations[request.Action];
        return run(request, Find(request, kind));
    }

    /// <summary>The role or user that the request names, once the caller is known to have the permission.</summary>
    private Holder Find(QueryRequest request, string kind)
    {
        var (name, account) = (request.Required($"{kind}Name"), request.Principal.Account);
        var role = kind == "Role" ? _directory.FindRole(account.Id, candidate => candidate == name) : null;
        var user = kind == "User" ? _directory.FindUser(account.Id, name) : null;
        var word = kind.ToLowerInvariant();
        var arn =
            role?.Arn ?? user?.PrincipalArn ?? Arn.ForIam(account.Partition, account.Id, $"{word}/{name}").ToString();
        var denial = _authorizer.FindDenial(
            new Access(request.Principal, IamActions.ForOperation(request.Action), arn, account.Id, request.Origin)
        );
        if (denial is not null)
        {
            // IAM names the role or user as the caller did.
            throw new QueryException(
                "AccessDenied",
                denial.Replace($"on resource: {arn}", $"on resource: {word} {name}", StringComparison.Ordinal),
                StatusCodes.Status403Forbidden
            );
        }

        return (role?.Identity ?? user?.Identity) is { } policies
            ? new(kind, name, role, policies)
            : throw NotFound($"The {word} with name {name} cannot be found.");
    }

    private XElement Describe(EmulatedRole role) =>
        new(
            Xml + "Role",
            new XElement(Xml + "Path", role.Role.Path),
            new XElement(Xml + "RoleName", role.Role.Name),
            new XElement(Xml + "RoleId", role.UniqueId),
            new XElement(Xml + "Arn", role.Arn),
            new XElement(
                Xml + "CreateDate",
                DateTime.UnixEpoch.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            ),
            new XElement(Xml + "AssumeRolePolicyDocument", Uri.EscapeDataString(role.Role.TrustPolicy ?? "{}"))
        );

    private static IEnumerable<XElement> Put(QueryRequest request, Holder holder)
    {
        try
        {
            holder.Policies.Put(request.Required("PolicyName"), request.Required("PolicyDocument"));
            return [];
        }
        catch (PolicyFormatException)
        {
            throw new QueryException(
                "MalformedPolicyDocument",
                "Syntax errors in policy.",
                StatusCodes.Status400BadRequest
            );
        }
    }

    private IEnumerable<XElement> Get(QueryRequest request, Holder holder)
    {
        var (name, text) = Inline(request, holder);
        return
        [
            new(Xml + $"{holder.Kind}Name", holder.Name),
            new(Xml + "PolicyName", name),
            new(Xml + "PolicyDocument", Uri.EscapeDataString(text)),
        ];
    }

    private static IEnumerable<XElement> Delete(QueryRequest request, Holder holder)
    {
        holder.Policies.Delete(Inline(request, holder).Name);
        return [];
    }

    private static (string Name, string Text) Inline(QueryRequest request, Holder holder)
    {
        var name = request.Required("PolicyName");
        return holder.Policies.Inline.TryGetValue(name, out var text)
            ? (name, text)
            : throw NotFound($"The {holder.Kind.ToLowerInvariant()} policy with name {name} cannot be found.");
    }

    private static QueryException NotFound(string message) =>
        new("NoSuchEntity", message, StatusCodes.Status404NotFound);

    /// <param name="Kind"><c>Role</c> or <c>User</c>.</param>
    /// <param name="Name">The name, without path.</param>
    /// <param name="Role">The role, if it is one.</param>
    /// <param name="Policies">Its identity policies.</param>
    private sealed record Holder(string Kind, string Name, EmulatedRole? Role, IdentityPolicies Policies);
}
