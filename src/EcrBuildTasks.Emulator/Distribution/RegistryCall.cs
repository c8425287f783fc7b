using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Emulator.Throttling;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>A request of the registry protocol about one repository, by a caller with a valid token.</summary>
internal sealed partial class RegistryCall
{
    private readonly AuthorizationToken token;
    private readonly RateLimits limits;
    private readonly Authorizer authorizer;
    private readonly RegistryStore store;
    private readonly CallRecord record;
    private readonly string account;
    private readonly string region;

    public RegistryCall(
        HttpContext context,
        AuthorizationToken token,
        RateLimits limits,
        Authorizer authorizer,
        RegistryStore store,
        CallRecord record
    )
    {
        Context = context;
        this.token = token;
        this.limits = limits;
        this.authorizer = authorizer;
        this.store = store;
        this.record = record;
        // A host that names a registry decides; any other, such as 127.0.0.1, leaves it to the token.
        var host = RegistryHost().Match(context.Request.Host.Host);
        account = host.Success ? host.Groups["account"].Value : token.Account;
        region = host.Success ? host.Groups["region"].Value : token.Region;
        if (region != token.Region)
        {
            throw new OciError(
                StatusCodes.Status403Forbidden,
                "DENIED",
                $"The authorization token is not valid in region {region}"
            );
        }
    }

    public HttpContext Context { get; }

    public string Name { get; private set; } = "";

    public string Method => Context.Request.Method;

    public RegistryCall For(string name)
    {
        Name = name;
        return this;
    }

    /// <summary>The call's repository, once the caller is known to have the permission and the repository to exist.</summary>
    public Repository Authorize(string action) => Authorize(action, Name);

    public Repository Authorize(string action, string repositoryName)
    {
        record.Action = action;
        var principal = token.Principal;
        limits.Require(principal.Account.Id, action);
        authorizer.Require(
            new Access(
                principal,
                $"ecr:{action}",
                RepositoryArn.For(principal.Account.Partition, region, account, repositoryName),
                account,
                RequestOrigin.Of(Context, region)
            )
            {
                RepositoryName = repositoryName,
            }
        );
        return store.FindRepository(account, region, repositoryName)
            ?? throw EcrException.RepositoryNotFound(repositoryName, account);
    }

    /// <summary>An account setting of the registry that the call is about.</summary>
    public string? Setting(string name) =>
        store.Read(account, region, registry => registry.Settings.GetValueOrDefault(name));

    public OciError MethodNotAllowed() =>
        new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", $"{Method} is not supported here.");

    public void AnswerLocation(string path) =>
        Context.Response.Headers.Location = $"{Context.Request.Scheme}://{Context.Request.Host}/v2/{Name}/{path}";

    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex RegistryHost();
}
