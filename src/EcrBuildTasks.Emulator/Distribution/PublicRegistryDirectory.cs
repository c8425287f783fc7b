using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Emulator.Storage;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>The aliases of the accounts' public registries, and the address at which all of them answer.</summary>
internal sealed partial class PublicRegistryDirectory
{
    /// <summary>The name of ECR Public, by which a proxy may reach the emulator.</summary>
    public const string Host = "public.ecr.aws";

    private readonly Dictionary<string, IReadOnlyList<string>> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);

    public PublicRegistryDirectory(IEnumerable<EmulatedAccount> accounts)
    {
        foreach (var account in accounts)
        {
            IReadOnlyList<string> named = account.PublicRegistry?.Aliases ?? [];
            _aliases[account.Id] = named.Count > 0 ? named : [$"a{account.Id}"];
            foreach (var alias in _aliases[account.Id])
            {
                if (!Alias().IsMatch(alias) || !_owners.TryAdd(alias, account.Id))
                {
                    throw new EmulatorConfigurationException(
                        $"The public registry of account {account.Id} cannot have the alias '{alias}': it is already in use, or does not match [a-z][a-z0-9]+(?:[._-][a-z0-9]+)*"
                    );
                }
            }
        }
    }

    /// <summary>The port of the public registries: a host has one way to log in, so that they need one of their own.</summary>
    public int Port { get; set; }

    /// <summary>The aliases of an account, the one that AWS chose first.</summary>
    public IReadOnlyList<string> AliasesOf(string account) => _aliases.GetValueOrDefault(account, []);

    /// <summary>The account behind an alias or its own number.</summary>
    public string? AccountOf(string aliasOrId) =>
        _aliases.ContainsKey(aliasOrId) ? aliasOrId : _owners.GetValueOrDefault(aliasOrId);

    /// <summary>Whether a request is one to the public registries.</summary>
    public bool AreMeantBy(HttpContext context) =>
        context.Connection.LocalPort == Port || context.Request.Host.Host == Host;

    /// <summary>The public registries, as a client reaches them that reached the API so.</summary>
    public Uri AddressFor(Uri api) =>
        api.Host.StartsWith("api.ecr-public.", StringComparison.Ordinal)
            ? new Uri($"https://{Host}")
            : new UriBuilder(api.Scheme, api.Host, Port).Uri;

    /// <summary>A repository by its path in an image's reference, <c>alias/name</c>.</summary>
    public RepositoryPlace? Locate(string path) =>
        path.Split('/', 2) is [var alias, var name] && _owners.TryGetValue(alias, out var account)
            ? new(account, RepositoryPlace.PublicRegion, name)
            : null;

    [GeneratedRegex("^[a-z][a-z0-9]+(?:[._-][a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alias();
}
