using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Identity;

/// <summary>The accounts' users, roles and credentials.</summary>
internal sealed partial class IdentityDirectory
{
    private readonly Dictionary<string, EmulatedAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmulatedRole> _roles = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Name), CallingPrincipal> _users = [];
    private readonly HashSet<string> _userArns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Credential> _credentials = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;

    public IdentityDirectory(EmulatorOptions options)
    {
        _clock = options.TimeProvider;
        foreach (var account in options.Accounts)
        {
            if (!AccountId().IsMatch(account.Id))
            {
                throw new EmulatorConfigurationException(
                    $"'{account.Id}' is not a valid account ID: it must have 12 digits."
                );
            }

            if (!_accounts.TryAdd(account.Id, account))
            {
                throw new EmulatorConfigurationException($"Account {account.Id} is listed twice.");
            }

            AddRoot(account);
            foreach (var user in account.Users)
            {
                AddUser(account, user);
            }

            foreach (var role in account.Roles)
            {
                AddRole(account, role);
            }
        }
    }

    public EmulatedAccount? FindAccount(string id) => _accounts.GetValueOrDefault(id);

    public Credential? FindCredential(string accessKeyId) => _credentials.GetValueOrDefault(accessKeyId);

    /// <summary>The role of a name, whatever its path: of an account's roles no two share one.</summary>
    public EmulatedRole? FindRole(string account, Func<string, bool> isNamed) =>
        _roles.Values.FirstOrDefault(role => role.Account.Id == account && isNamed(role.Role.Name));

    public CallingPrincipal? FindUser(string account, string name) => _users.GetValueOrDefault((account, name));

    /// <exception cref="EmulatorConfigurationException">The role does not exist.</exception>
    public EmulatedRole GetRole(string arn, string owner) =>
        FindRole(arn)
        ?? throw new EmulatorConfigurationException($"The role {arn} of {owner} does not exist in any account.");

    public EmulatedRole? FindRole(string arn) => _roles.GetValueOrDefault(arn);

    /// <summary>Whether a principal of a resource policy exists. Principals in accounts unknown to the emulator are assumed to exist.</summary>
    public bool Exists(string principal)
    {
        if (principal == "*" || AccountId().IsMatch(principal))
        {
            return true;
        }

        if (
            Arn.Parse(principal)
                is not { Service: "iam" or "sts", Region: "", Account: var account, Resource: var resource }
            || !AccountId().IsMatch(account)
        )
        {
            return false;
        }

        if (!_accounts.ContainsKey(account) || resource == "root")
        {
            return true;
        }

        if (resource.StartsWith("assumed-role/", StringComparison.Ordinal) && resource.Split('/') is [_, var name, _])
        {
            return _roles.Values.Any(role => role.Account.Id == account && role.Role.Name == name);
        }

        return _userArns.Contains(principal) || _roles.ContainsKey(principal);
    }

    /// <summary>A session of a role, whose own tags go before those of the role.</summary>
    public Credential StartSession(
        EmulatedRole role,
        string sessionName,
        TimeSpan duration,
        string? policy,
        IReadOnlyDictionary<string, string>? tags = null
    )
    {
        var key = new AccessKey(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(96))
        );
        var sessionPolicy = PolicyText.ParseOptional(policy, $"session policy of {sessionName}");
        return AddCredential(
            new Credential(
                key,
                Session(role, sessionName, sessionPolicy) with
                {
                    Tags = (tags ?? ReadOnlyDictionary<string, string>.Empty)
                        .Concat(role.Role.Tags)
                        .DistinctBy(tag => tag.Key, StringComparer.Ordinal)
                        .ToDictionary(StringComparer.Ordinal),
                },
                _clock.GetUtcNow() + duration
            )
        );
    }

    private void AddRoot(EmulatedAccount account)
    {
        var arn = Arn.ForIam(account.Partition, account.Id, "root").ToString();
        var root = new CallingPrincipal
        {
            Account = account,
            Caller = new Caller(arn, account.Id, account.Id),
            PrincipalArn = arn,
            PrincipalType = "Account",
        };
        foreach (var key in account.RootAccessKeys)
        {
            AddCredential(new Credential(key, root, ExpiresAt: null));
        }
    }

    private void AddUser(EmulatedAccount account, IamUser user)
    {
        var arn = Arn.ForIam(account.Partition, account.Id, $"user{user.Path}{user.Name}").ToString();
        _userArns.Add(arn);
        var principal = new CallingPrincipal
        {
            Account = account,
            Caller = new Caller(arn, account.Id, user.UniqueId ?? UniqueId("AIDA", arn)),
            PrincipalArn = arn,
            PrincipalType = "User",
            UserName = user.Name,
            Tags = user.Tags,
            Identity = new(PolicyText.ParseAll(user.IdentityPolicies, arn)),
            PermissionsBoundary = PolicyText.ParseOptional(user.PermissionsBoundary, $"boundary of {arn}"),
        };
        _users.Add((account.Id, user.Name), principal);
        foreach (var key in user.AccessKeys)
        {
            AddCredential(new Credential(key, principal, ExpiresAt: null));
        }
    }

    private void AddRole(EmulatedAccount account, IamRole definition)
    {
        var arn = Arn.ForIam(account.Partition, account.Id, $"role{definition.Path}{definition.Name}").ToString();
        var role = new EmulatedRole
        {
            Account = account,
            Role = definition,
            Arn = arn,
            UniqueId = definition.UniqueId ?? UniqueId("AROA", arn),
            TrustPolicy = PolicyText.ParseOptional(definition.TrustPolicy, $"trust policy of {arn}"),
            Identity = new(PolicyText.ParseAll(definition.IdentityPolicies, arn)),
            PermissionsBoundary = PolicyText.ParseOptional(definition.PermissionsBoundary, $"boundary of {arn}"),
        };
        _roles.Add(arn, role);
        foreach (var session in definition.Sessions)
        {
            var policy = PolicyText.ParseOptional(session.Policy, $"session policy of {session.Name}");
            AddCredential(new Credential(session.AccessKey, Session(role, session.Name, policy), session.ExpiresAt));
        }
    }

    private CallingPrincipal Session(EmulatedRole role, string name, PolicyDocument? policy) =>
        new()
        {
            Account = role.Account,
            Caller = new Caller(
                Arn.ForSession(role.Account.Partition, role.Account.Id, role.Role.Name, name).ToString(),
                role.Account.Id,
                $"{role.UniqueId}:{name}"
            ),
            PrincipalArn = role.Arn,
            PrincipalType = "AssumedRole",
            Tags = role.Role.Tags,
            Identity = role.Identity,
            PermissionsBoundary = role.PermissionsBoundary,
            SessionPolicy = policy,
            SessionStartedAt = _clock.GetUtcNow(),
        };

    private Credential AddCredential(Credential credential) =>
        _credentials.TryAdd(credential.Key.Id, credential)
            ? credential
            : throw new EmulatorConfigurationException($"Access key {credential.Key.Id} is listed twice.");

    private static string UniqueId(string prefix, string arn)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(arn));
        return prefix + string.Concat(hash.Take(17).Select(value => Alphabet[value % Alphabet.Length]));
    }

    [GeneratedRegex("^[0-9]{12}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccountId();
}

/// <summary>A role with its policies parsed.</summary>
internal sealed record EmulatedRole
{
    public required EmulatedAccount Account { get; init; }

    public required IamRole Role { get; init; }

    public required string Arn { get; init; }

    public required string UniqueId { get; init; }

    public PolicyDocument? TrustPolicy { get; init; }

    public IdentityPolicies Identity { get; init; } = new([]);

    public PolicyDocument? PermissionsBoundary { get; init; }
}
