using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Denies in the sentence that AWS has for a policy's silence; a HEAD without telling why.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record PolicyDenialFault(string Step) : InterruptionFault(Step)
{
    /// <summary>The ARN of who is denied.</summary>
    public string Principal { get; init; } = Arn.ForIam("aws", "111122223333", "user/somebody").ToString();

    /// <summary>The account whose repository it is.</summary>
    public string Account { get; init; } = "111122223333";

    /// <summary>The region of the repository.</summary>
    public string Region { get; init; } = "us-east-1";

    private protected override Task InterruptAsync(HttpContext context)
    {
        var isOfRegistry = RefusalAnswer.IsOfRegistry(context);
        var action = isOfRegistry
            ? ActionOf(context.Request.Method, context.Request.Path)
            : EcrActions.ForOperation(RegistryKind.Private, Step);
        var repository = RequestSteps.RepositoryOf(context.Request.Path);
        var resource = repository.Length > 0 ? Arn.ForRepository("aws", Region, Account, repository).ToString() : "*";
        return RefusalAnswer.WriteAsync(
            context,
            isOfRegistry ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest,
            "DENIED",
            "AccessDeniedException",
            $"User: {Principal} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
        );
    }

    /// <summary>The permission that ECR asks for at a request of the registry protocol.</summary>
    private static string ActionOf(string method, string path)
    {
        var isUpload = path.Contains("/blobs/uploads/", StringComparison.Ordinal);
        var isManifest = path.Contains("/manifests/", StringComparison.Ordinal);
        return method switch
        {
            "POST" => PushAction.InitiateLayerUpload,
            "PATCH" => PushAction.UploadLayerPart,
            "PUT" => isManifest ? PushAction.PutImage : PushAction.CompleteLayerUpload,
            _ when isManifest => PushAction.BatchGetImage,
            _ when isUpload => PushAction.UploadLayerPart,
            "HEAD" => PushAction.BatchCheckLayerAvailability,
            _ => EcrActions.GetDownloadUrlForLayer,
        };
    }
}
