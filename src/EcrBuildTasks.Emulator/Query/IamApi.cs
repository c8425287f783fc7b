using System.Globalization;
using System.Xml.Linq;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>AWS IAM, as far as a caller asks it about a role of its own account.</summary>
internal sealed class IamApi(IdentityDirectory directory, Authorizer authorizer) : IQueryService
{
    public string Name => "iam";

    public string Version => "2010-05-08";

    public XNamespace Xml { get; } = "https://iam.amazonaws.com/doc/2010-05-08/";

    public IReadOnlyList<string> Operations { get; } = ["GetRole"];

    public bool NeedsSignature(string action) => true;

    public IEnumerable<XElement> Answer(QueryRequest request)
    {
        var (name, account) = (request.Required("RoleName"), request.Principal.Account);
        var role = directory.FindRole(account.Id, candidate => candidate == name);
        var arn = role?.Arn ?? Arn.ForIam(account.Partition, account.Id, $"role/{name}").ToString();
        var denial = authorizer.FindDenial(
            new Access(request.Principal, IamActions.GetRole, arn, account.Id, request.Origin)
        );
        if (denial is not null)
        {
            // IAM names the role as the caller did.
            throw new QueryException(
                "AccessDenied",
                denial.Replace($"on resource: {arn}", $"on resource: role {name}", StringComparison.Ordinal),
                StatusCodes.Status403Forbidden
            );
        }

        return role is null
            ? throw new QueryException(
                "NoSuchEntity",
                $"The role with name {name} cannot be found.",
                StatusCodes.Status404NotFound
            )
            :
            [
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
                ),
            ];
    }
}
