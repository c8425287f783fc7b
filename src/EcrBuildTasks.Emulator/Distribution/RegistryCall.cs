using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>A request of the registry protocol about one repository.</summary>
/// <param name="context">The request.</param>
/// <param name="principal">Whose token it carries; <see langword="null"/> for anybody, who may pull what is public.</param>
/// <param name="locate">Finds a repository by what stands in the path; <see langword="null"/> when there is no such registry.</param>
/// <param name="limits">Say how often.</param>
/// <param name="authorizer">Decides.</param>
/// <param name="store">The repositories.</param>
/// <param name="createdOnDemand">Creates what is missing where a rule says so; <see langword="null"/> in public registries.</param>
/// <param name="record">What is told of the call.</param>
internal sealed class RegistryCall(
    HttpContext context,
    CallingPrincipal? principal,
    Func<string, RepositoryPlace?> locate,
    RateLimits limits,
    Authorizer authorizer,
    RegistryStore store,
    CreatedOnDemand? createdOnDemand,
    CallRecord record
)
{
    private static readonly string[] OfPulls =
    [
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "GetDownloadUrlForLayer",
        "ListImages",
    ];

    public HttpContext Context { get; } = context;

    /// <summary>The repository as it stands in the path.</summary>
    public string Name { get; private set; } = "";

    public string Method => Context.Request.Method;

    public RegistryCall For(string name)
    {
        Name = name;
        return this;
    }

    /// <summary>The call's repository, once the caller is known to have the permission and the repository to exist.</summary>
    public Repository Authorize(string action) => Authorize(action, Name);

    public Repository Authorize(string action, string name)
    {
        record.Action = action;
        var place = Locate(name);
        limits.Require(principal?.Account.Id ?? place.Account, place.Service, action);
        if (!place.IsPublic || !OfPulls.Contains(action, StringComparer.Ordinal))
        {
            Require(action, place);
        }

        return store.FindRepository(place.Account, place.Region, place.Name)
            ?? (
                principal is null
                    ? null
                    : createdOnDemand?.Create(place, AccessFor(action, place, principal), isAuthorized: true)
            )
            ?? throw EcrException.RepositoryNotFound(place.Name, place.Account);
    }

    /// <summary>Signs an image as the caller.</summary>
    public void Sign(ImageSigning signing, Repository repository, Image image)
    {
        if (principal is not null)
        {
            signing.Sign(repository, image, principal, RequestOrigin.FromContext(Context, repository.Region));
        }
    }

    /// <summary>An account setting of the registry that the call is about.</summary>
    public string? Setting(string name)
    {
        var place = Locate(Name);
        return store.Read(place.Account, place.Region, registry => registry.Settings.GetValueOrDefault(name));
    }

    public OciError MethodNotAllowed() =>
        new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", $"{Method} is not supported here.");

    public void AnswerLocation(string path) =>
        Context.Response.Headers.Location = $"{Context.Request.Scheme}://{Context.Request.Host}/v2/{Name}/{path}";

    private RepositoryPlace Locate(string name) =>
        locate(name)
        ?? throw new OciError(
            StatusCodes.Status404NotFound,
            "NAME_UNKNOWN",
            $"The registry of '{name}' does not exist"
        );

    private void Require(string action, RepositoryPlace place)
    {
        if (principal is null)
        {
            throw OciError.NotAuthorized();
        }

        var access = AccessFor(action, place, principal);
        createdOnDemand?.Create(place, access, isAuthorized: false);
        authorizer.Require(access);
    }

    private Access AccessFor(string action, RepositoryPlace place, CallingPrincipal caller) =>
        new(
            caller,
            EcrActions.ForOperation(place.Kind, action),
            RepositoryArn.For(caller.Account.Partition, place.Region, place.Account, place.Name),
            place.Account,
            RequestOrigin.FromContext(Context, place.ApiRegion)
        )
        {
            RepositoryName = place.Name,
        };
}
