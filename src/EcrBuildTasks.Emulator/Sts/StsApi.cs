using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Throttling;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace EcrBuildTasks.Emulator.Sts;

/// <summary>STS: the query protocol, with answers in XML.</summary>
internal sealed partial class StsApi(
    SignatureVerifier signatures,
    RateLimits limits,
    IdentityDirectory directory,
    Authorizer authorizer
)
{
    public static readonly IReadOnlyList<string> Operations = ["GetCallerIdentity", "AssumeRole"];

    private static readonly XNamespace Xml = "https://sts.amazonaws.com/doc/2011-06-15/";

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        try
        {
            var signed = await SignedRequest.ReadAsync(context);
            var parameters = QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(signed.Body));
            var action = Parameter(parameters, "Action") ?? "";
            record.Action = action;
            var (principal, region) = signatures.Verify(signed, "sts");
            record.Principal = principal.Caller.Arn;
            if (!limits.Admits(principal.Account.Id, action))
            {
                throw new StsException("Throttling", "Rate exceeded", StatusCodes.Status400BadRequest);
            }

            var result = action switch
            {
                "GetCallerIdentity" => GetCallerIdentity(principal),
                "AssumeRole" => AssumeRole(principal, parameters, RequestOrigin.Of(context, region)),
                _ => throw new StsException(
                    "InvalidAction",
                    $"Could not find operation {action} for version 2011-06-15",
                    StatusCodes.Status400BadRequest
                ),
            };
            await WriteAsync(
                context,
                StatusCodes.Status200OK,
                new XElement(Xml + $"{action}Response", new XElement(Xml + $"{action}Result", result), Metadata())
            );
        }
        catch (SignatureException error)
        {
            await WriteErrorAsync(context, CodeOf(error.Fault), error.Message, StatusOf(error.Fault));
        }
        catch (StsException error)
        {
            await WriteErrorAsync(context, error.Code, error.Message, error.Status);
        }
        catch (EcrException error)
        {
            await WriteErrorAsync(context, error.Code, error.Message, StatusCodes.Status400BadRequest);
        }
    }

    private static IEnumerable<XElement> GetCallerIdentity(CallingPrincipal principal) =>
        [
            new(Xml + "Arn", principal.Caller.Arn),
            new(Xml + "UserId", principal.Caller.UserId),
            new(Xml + "Account", principal.Caller.Account),
        ];

    private IEnumerable<XElement> AssumeRole(
        CallingPrincipal principal,
        Dictionary<string, StringValues> parameters,
        RequestOrigin origin
    )
    {
        var arn = Required(parameters, "RoleArn");
        var sessionName = Required(parameters, "RoleSessionName");
        if (!SessionName().IsMatch(sessionName))
        {
            throw Invalid("roleSessionName", @"Member must satisfy regular expression pattern: [\w+=,.@-]*");
        }

        if (directory.FindRole(arn) is not { } role || !authorizer.MayAssume(principal, role, origin))
        {
            // AWS does not tell whether the role exists.
            throw new StsException(
                "AccessDenied",
                DenialSentence.Opening(principal.Caller, "sts:AssumeRole", arn),
                StatusCodes.Status403Forbidden
            );
        }

        var session = directory.StartSession(role, sessionName, Duration(parameters), SessionPolicy(parameters));
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

    private static TimeSpan Duration(Dictionary<string, StringValues> parameters)
    {
        var text = Parameter(parameters, "DurationSeconds") ?? "3600";
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 900 and <= 43200
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid("durationSeconds", "Member must have value between 900 and 43200");
    }

    private static string? SessionPolicy(Dictionary<string, StringValues> parameters)
    {
        var policy = Parameter(parameters, "Policy");
        try
        {
            PolicyText.ParseOptional(policy, "session policy");
            return policy;
        }
        catch (EmulatorConfigurationException error)
        {
            throw new StsException("MalformedPolicyDocument", error.Message, StatusCodes.Status400BadRequest);
        }
    }

    private static string? Parameter(Dictionary<string, StringValues> parameters, string name) =>
        parameters.TryGetValue(name, out var value) ? value.ToString() : null;

    private static string Required(Dictionary<string, StringValues> parameters, string name) =>
        Parameter(parameters, name) ?? throw Invalid(name, "Member must not be null");

    private static StsException Invalid(string parameter, string constraint) =>
        new(
            "ValidationError",
            $"1 validation error detected: Value at '{parameter}' failed to satisfy constraint: {constraint}",
            StatusCodes.Status400BadRequest
        );

    private static string CodeOf(SignatureFault fault) =>
        fault switch
        {
            SignatureFault.Missing => "MissingAuthenticationToken",
            SignatureFault.Incomplete => "IncompleteSignature",
            SignatureFault.UnknownToken => "InvalidClientTokenId",
            SignatureFault.Mismatch => "SignatureDoesNotMatch",
            _ => "ExpiredToken",
        };

    private static int StatusOf(SignatureFault fault) =>
        fault is SignatureFault.Incomplete ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden;

    private static Task WriteErrorAsync(HttpContext context, string code, string message, int status) =>
        WriteAsync(
            context,
            status,
            new XElement(
                Xml + "ErrorResponse",
                new XElement(
                    Xml + "Error",
                    new XElement(Xml + "Type", "Sender"),
                    new XElement(Xml + "Code", code),
                    new XElement(Xml + "Message", message)
                ),
                new XElement(Xml + "RequestId", Guid.NewGuid())
            )
        );

    private static XElement Metadata() =>
        new(Xml + "ResponseMetadata", new XElement(Xml + "RequestId", Guid.NewGuid()));

    private static Task WriteAsync(HttpContext context, int status, XElement answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(answer.ToString(), context.RequestAborted);
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SessionName();

    private sealed class StsException(string code, string message, int status) : Exception(message)
    {
        public string Code { get; } = code;

        public int Status { get; } = status;
    }
}
