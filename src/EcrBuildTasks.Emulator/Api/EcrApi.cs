using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Distribution;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The ECR API, or that of ECR Public: <c>POST /</c> with an <c>X-Amz-Target</c>, JSON 1.1 both ways.</summary>
internal sealed class EcrApi(
    SignatureVerifier signatures,
    RateLimits limits,
    Authorizer authorizer,
    RegistryStore store,
    CreatedOnDemand? createdOnDemand,
    ApiOperations operations,
    PublicRegistryDirectory? publicRegistries
)
{
    public IEnumerable<string> Operations => operations.OfRegistries.Keys.Concat(operations.OfRepositories.Keys);

    /// <summary>The service as its actions and signatures name it.</summary>
    public string Service { get; } = publicRegistries is null ? "ecr" : "ecr-public";

    public bool IsMeantBy(HttpRequest request) =>
        request.Headers["X-Amz-Target"].ToString().StartsWith(operations.TargetPrefix, StringComparison.Ordinal);

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        var operation = context.Request.Headers["X-Amz-Target"].ToString()[operations.TargetPrefix.Length..];
        record.Action = operation;
        try
        {
            var answer = await RunAsync(context, operation, record);
            await WriteAsync(context, StatusCodes.Status200OK, answer);
        }
        catch (SignatureException error)
        {
            await WriteErrorAsync(context, CodeOf(error.Fault), error.Message, []);
        }
        catch (EcrException error)
        {
            await WriteErrorAsync(context, error.Code, error.Message, error.Details);
        }
        catch (JsonException)
        {
            await WriteErrorAsync(context, "SerializationException", "The request is not valid JSON", []);
        }
    }

    private async Task<JsonObject> RunAsync(HttpContext context, string operation, CallRecord record)
    {
        var signed = await SignedRequest.ReadAsync(context);
        var (principal, region) = signatures.Verify(signed, Service);
        CheckRegion(region);
        record.Principal = principal.Caller.Arn;
        limits.Require(principal.Account.Id, Service, operation);
        using var body = JsonDocument.Parse(signed.Body.Length == 0 ? "{}"u8.ToArray() : signed.Body);
        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new EcrException("SerializationException", "The request is not a JSON object");
        }

        var request = new EcrRequest(
            operation,
            body.RootElement,
            principal,
            RequestOrigin.FromContext(context, region),
            new Uri($"{context.Request.Scheme}://{context.Request.Host}"),
            publicRegistries
        );
        if (operations.OfRegistries.TryGetValue(operation, out var ofRegistry))
        {
            return ofRegistry(request);
        }

        return operations.OfRepositories.TryGetValue(operation, out var ofRepository)
            ? await ofRepository(request, AuthorizedRepository(request), context.RequestAborted)
            : throw new EcrException(
                "UnknownOperationException",
                $"The emulator does not support the operation '{operation}'"
            );
    }

    private Repository AuthorizedRepository(EcrRequest request)
    {
        var (account, name) = (request.RegistryAccount, request.RepositoryName);
        var access = request.AccessTo(account, name);
        var place = new RepositoryPlace(account, request.Region, name);
        createdOnDemand?.Create(place, access, isAuthorized: false);
        authorizer.Require(access);
        return store.FindRepository(account, request.Region, name)
            ?? createdOnDemand?.Create(place, access, isAuthorized: true)
            ?? throw EcrException.RepositoryNotFound(name, account);
    }

    /// <summary>ECR Public has endpoints in these regions only.</summary>
    private void CheckRegion(string region)
    {
        if (publicRegistries is not null && region is not (RepositoryPlace.PublicApiRegion or "us-west-2"))
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                $"Credential should be scoped to a valid region. ECR Public has no endpoint in {region}."
            );
        }
    }

    private static string CodeOf(SignatureFault fault) =>
        fault switch
        {
            SignatureFault.Missing => "MissingAuthenticationTokenException",
            SignatureFault.Incomplete => "IncompleteSignatureException",
            SignatureFault.UnknownToken => "UnrecognizedClientException",
            SignatureFault.Mismatch => "InvalidSignatureException",
            _ => "ExpiredTokenException",
        };

    private static Task WriteErrorAsync(HttpContext context, string code, string message, JsonObject details)
    {
        var body = new JsonObject { ["__type"] = code, ["message"] = message };
        foreach (var (name, value) in details)
        {
            body[name] = value?.DeepClone();
        }

        return WriteAsync(context, StatusCodes.Status400BadRequest, body);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
