using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>AWS STS.</summary>
internal sealed partial class StsApi(IdentityDirectory directory, Authorizer authorizer, WebIdentities webIdentities)
    : IQueryService
{
    public string Name => "sts";

    public string Version => "2011-06-15";

    public XNamespace Xml { get; } = "https://sts.amazonaws.com/doc/2011-06-15/";

    public IReadOnlyList<string> Operations { get; } = ["GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"];

    public bool NeedsSignature(string action) => action != "AssumeRoleWithWebIdentity";

    public IEnumerable<XElement> Answer(QueryRequest request) =>
        request.Action switch
        {
            "AssumeRole" => AssumeRole(request),
            "AssumeRoleWithWebIdentity" => AssumeRoleWithWebIdentity(request),
            _ => GetCallerIdentity(request.Principal),
        };

    private IEnumerable<XElement> GetCallerIdentity(CallingPrincipal principal) =>
        [
            new(Xml + "Arn", principal.Caller.Arn),
            new(Xml + "UserId", principal.Caller.UserId),
            new(Xml + "Account", principal.Caller.Account),
        ];

    private IEnumerable<XElement> AssumeRole(QueryRequest request)
    {
        var arn = request.Required("RoleArn");
        var sessionName = SessionNameOf(request);
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["sts:RoleSessionName"] = [sessionName],
        };
        if (request.Optional("ExternalId") is { } externalId)
        {
            keys["sts:ExternalId"] = [externalId];
        }

        if (
            directory.FindRole(arn) is not { } role
            || !authorizer.MayAssume(request.Principal, role, request.Origin, keys)
        )
        {
            // AWS does not tell whether the role exists.
            throw new QueryException(
                "AccessDenied",
                DenialSentence.Opening(request.Principal.Caller, StsActions.AssumeRole, arn),
                StatusCodes.Status403Forbidden
            );
        }

        return Session(role, sessionName, request);
    }

    private IEnumerable<XElement> AssumeRoleWithWebIdentity(QueryRequest request)
    {
        var arn = request.Required("RoleArn");
        var sessionName = SessionNameOf(request);
        var token = webIdentities.Read(arn, request.Required("WebIdentityToken"));
        if (directory.FindRole(arn) is not { } role || !WebIdentities.MayAssume(role, token, sessionName))
        {
            throw new QueryException(
                "AccessDenied",
                $"Not authorized to perform {StsActions.AssumeRoleWithWebIdentity}",
                StatusCodes.Status403Forbidden
            );
        }

        return
        [
            .. Session(role, sessionName, request),
            new(Xml + "SubjectFromWebIdentityToken", token.Subject),
            new(Xml + "Provider", token.ProviderArn),
            new(Xml + "Audience", token.Audience),
        ];
    }

    private IEnumerable<XElement> Session(EmulatedRole role, string name, QueryRequest request)
    {
        var session = directory.StartSession(role, name, Duration(request), SessionPolicy(request));
        return
        [
            new(
                Xml + "Credentials",
                new XElement(Xml + "AccessKeyId", session.Key.Id),
                new XElement(Xml + "SecretAccessKey", session.Key.Secret),
                new XElement(Xml + "SessionToken", session.Key.SessionToken),
                new XElement(
                    Xml + "Expiration",
                    session.ExpiresAt!.Value.UtcDateTime.ToString(
                        "yyyy-MM-dd'T'HH:mm:ss'Z'",
                        CultureInfo.InvariantCulture
                    )
                )
            ),
            new(
                Xml + "AssumedRoleUser",
                new XElement(Xml + "AssumedRoleId", session.Principal.Caller.UserId),
                new XElement(Xml + "Arn", session.Principal.Caller.Arn)
            ),
        ];
    }

    private static string SessionNameOf(QueryRequest request)
    {
        var name = request.Required("RoleSessionName");
        return SessionName().IsMatch(name)
            ? name
            : throw QueryRequest.Invalid(
                "roleSessionName",
                @"Member must satisfy regular expression pattern: [\w+=,.@-]*"
            );
    }

    private static TimeSpan Duration(QueryRequest request)
    {
        var text = request.Optional("DurationSeconds") ?? "3600";
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 900 and <= 43200
            ? TimeSpan.FromSeconds(seconds)
            : throw QueryRequest.Invalid("durationSeconds", "Member must have value between 900 and 43200");
    }

    private static string? SessionPolicy(QueryRequest request)
    {
        var policy = request.Optional("Policy");
        try
        {
            PolicyText.ParseOptional(policy, "session policy");
            return policy;
        }
        catch (EmulatorConfigurationException error)
        {
            throw new QueryException("MalformedPolicyDocument", error.Message, StatusCodes.Status400BadRequest);
        }
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SessionName();
}
