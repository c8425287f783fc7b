using System.Text;
using System.Xml.Linq;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Throttling;
using Microsoft.AspNetCore.WebUtilities;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>The query protocol: a form as the request, XML as the answer. A request's version tells for which service it is.</summary>
internal sealed class QueryApi(SignatureVerifier signatures, RateLimits limits, IReadOnlyList<IQueryService> services)
{
    // What a request is for that nobody has signed.
    private const string GlobalRegion = "us-east-1";

    public IEnumerable<(string Service, IEnumerable<string> Operations)> Operations =>
        services.Select(service => (service.Name, (IEnumerable<string>)service.Operations));

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        var signed = await SignedRequest.ReadAsync(context);
        var parameters = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(signed.Body));
        var service = services.FirstOrDefault(
            one => one.Version == parameters.GetValueOrDefault("Version"),
            services[0]
        );
        record.Service = service.Name;
        try
        {
            var action = parameters.GetValueOrDefault("Action").ToString();
            record.Action = action;
            var result = service.Answer(Read(context, signed, service, new(action, parameters, Origin()), record));
            await WriteAsync(
                context,
                StatusCodes.Status200OK,
                new XElement(
                    service.Xml + $"{action}Response",
                    new XElement(service.Xml + $"{action}Result", result),
                    new XElement(
                        service.Xml + "ResponseMetadata",
                        new XElement(service.Xml + "RequestId", Guid.NewGuid())
                    )
                )
            );
        }
        catch (SignatureException error)
        {
            await WriteErrorAsync(context, service, CodeOf(error.Fault), error.Message, StatusOf(error.Fault));
        }
        catch (QueryException error)
        {
            await WriteErrorAsync(context, service, error.Code, error.Message, error.Status);
        }
        catch (EcrException error)
        {
            await WriteErrorAsync(context, service, error.Code, error.Message, StatusCodes.Status400BadRequest);
        }

        RequestOrigin Origin() => RequestOrigin.FromContext(context, GlobalRegion);
    }

    private QueryRequest Read(
        HttpContext context,
        SignedRequest signed,
        IQueryService service,
        QueryRequest request,
        CallRecord record
    )
    {
        if (!service.NeedsSignature(request.Action))
        {
            return request;
        }

        var (principal, region) = signatures.Verify(signed, service.Name);
        record.Principal = principal.Caller.Arn;
        if (!limits.Admits(principal.Account.Id, service.Name, request.Action))
        {
            throw new QueryException("Throttling", "Rate exceeded", StatusCodes.Status400BadRequest);
        }

        return service.Operations.Contains(request.Action, StringComparer.Ordinal)
            ? request with
            {
                Principal = principal,
                Origin = RequestOrigin.FromContext(context, region),
            }
            : throw new QueryException(
                "InvalidAction",
                $"Could not find operation {request.Action} for version {service.Version}",
                StatusCodes.Status400BadRequest
            );
    }

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

    private static Task WriteErrorAsync(
        HttpContext context,
        IQueryService service,
        string code,
        string message,
        int status
    ) =>
        WriteAsync(
            context,
            status,
            new XElement(
                service.Xml + "ErrorResponse",
                new XElement(
                    service.Xml + "Error",
                    new XElement(service.Xml + "Type", "Sender"),
                    new XElement(service.Xml + "Code", code),
                    new XElement(service.Xml + "Message", message)
                ),
                new XElement(service.Xml + "RequestId", Guid.NewGuid())
            )
        );

    private static Task WriteAsync(HttpContext context, int status, XElement answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(answer.ToString(), context.RequestAborted);
    }
}
