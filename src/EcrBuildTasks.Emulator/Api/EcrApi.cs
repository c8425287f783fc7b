using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Signing;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>The ECR API: <c>POST /</c> with an <c>X-Amz-Target</c>, JSON 1.1 both ways.</summary>
internal sealed class EcrApi(
    SignatureVerifier signatures,
    RateLimits limits,
    Authorizer authorizer,
    RegistryStore store,
    RegistryOperations registryOperations,
    RepositoryOperations repositoryOperations,
    LayerOperations layerOperations,
    ImageOperations imageOperations
)
{
    public const string TargetPrefix = "AmazonEC2ContainerRegistry_V20150921.";

    /// <summary>Operations on a registry; each asks for its permission by itself.</summary>
    private readonly Dictionary<string, Func<EcrRequest, JsonObject>> ofRegistries = new(StringComparer.Ordinal)
    {
        ["GetAuthorizationToken"] = registryOperations.GetAuthorizationToken,
        ["GetRegistryPolicy"] = registryOperations.GetRegistryPolicy,
        ["PutRegistryPolicy"] = registryOperations.PutRegistryPolicy,
        ["GetAccountSetting"] = registryOperations.GetAccountSetting,
        ["PutAccountSetting"] = registryOperations.PutAccountSetting,
        ["CreateRepository"] = repositoryOperations.CreateRepository,
        ["DescribeRepositories"] = repositoryOperations.DescribeRepositories,
        ["ListTagsForResource"] = repositoryOperations.ListTagsForResource,
    };

    /// <summary>Operations on one repository, which run once it is known that they may and that it is there.</summary>
    private readonly Dictionary<
        string,
        Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>>
    > ofRepositories = new(StringComparer.Ordinal)
    {
        ["DeleteRepository"] = AtOnce(repositoryOperations.DeleteRepository),
        ["GetRepositoryPolicy"] = AtOnce(RepositoryOperations.GetRepositoryPolicy),
        ["SetRepositoryPolicy"] = AtOnce(repositoryOperations.SetRepositoryPolicy),
        ["DeleteRepositoryPolicy"] = AtOnce(repositoryOperations.DeleteRepositoryPolicy),
        ["PutImageTagMutability"] = AtOnce(repositoryOperations.PutImageTagMutability),
        ["BatchCheckLayerAvailability"] = AtOnce(layerOperations.BatchCheckLayerAvailability),
        ["InitiateLayerUpload"] = AtOnce(layerOperations.InitiateLayerUpload),
        ["UploadLayerPart"] = layerOperations.UploadLayerPartAsync,
        ["CompleteLayerUpload"] = layerOperations.CompleteLayerUploadAsync,
        ["GetDownloadUrlForLayer"] = AtOnce(layerOperations.GetDownloadUrlForLayer),
        ["PutImage"] = AtOnce(imageOperations.PutImage),
        ["BatchGetImage"] = AtOnce(imageOperations.BatchGetImage),
        ["BatchDeleteImage"] = AtOnce(imageOperations.BatchDeleteImage),
        ["DescribeImages"] = AtOnce(imageOperations.DescribeImages),
        ["ListImages"] = AtOnce(imageOperations.ListImages),
    };

    public IEnumerable<string> Operations => ofRegistries.Keys.Concat(ofRepositories.Keys);

    public async Task AnswerAsync(HttpContext context, CallRecord record)
    {
        var operation = context.Request.Headers["X-Amz-Target"].ToString()[TargetPrefix.Length..];
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
            await WriteErrorAsync(context, "SerializationException", "The request is not JSON", []);
        }
    }

    private async Task<JsonObject> RunAsync(HttpContext context, string operation, CallRecord record)
    {
        var signed = await SignedRequest.ReadAsync(context);
        var (principal, region) = signatures.Verify(signed, "ecr");
        record.Principal = principal.Caller.Arn;
        limits.Require(principal.Account.Id, operation);
        using var body = JsonDocument.Parse(signed.Body.Length == 0 ? "{}"u8.ToArray() : signed.Body);
        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new EcrException("SerializationException", "The request is no JSON object");
        }

        var request = new EcrRequest(
            operation,
            body.RootElement,
            principal,
            RequestOrigin.Of(context, region),
            new Uri($"{context.Request.Scheme}://{context.Request.Host}")
        );
        if (ofRegistries.TryGetValue(operation, out var ofRegistry))
        {
            return ofRegistry(request);
        }

        return ofRepositories.TryGetValue(operation, out var ofRepository)
            ? await ofRepository(request, AuthorizedRepository(request), context.RequestAborted)
            : throw new EcrException("UnknownOperationException", $"The emulator has no operation '{operation}'");
    }

    private Repository AuthorizedRepository(EcrRequest request)
    {
        var (account, name) = (request.RegistryAccount, request.RepositoryName);
        authorizer.Require(
            new Access(
                request.Principal,
                $"ecr:{request.Operation}",
                RepositoryArn.For(request.Principal.Account.Partition, request.Region, account, name),
                account,
                request.Origin
            )
            {
                RepositoryName = name,
            }
        );
        return store.FindRepository(account, request.Region, name)
            ?? throw EcrException.RepositoryNotFound(name, account);
    }

    private static Func<EcrRequest, Repository, CancellationToken, Task<JsonObject>> AtOnce(
        Func<EcrRequest, Repository, JsonObject> operation
    ) => (request, repository, _) => Task.FromResult(operation(request, repository));

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
