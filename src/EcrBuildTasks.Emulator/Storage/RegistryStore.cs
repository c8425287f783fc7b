using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Storage;

/// <summary>All registries. Every look and every change happens under one lock; a change is saved before it returns.</summary>
internal sealed class RegistryStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Region), Registry> _registries = [];
    private readonly string? _stateFile;

    public RegistryStore(EmulatorOptions options)
    {
        _stateFile = options.StateDirectory is { } directory ? Path.Combine(directory, "registries.json") : null;
        if (_stateFile is not null && File.Exists(_stateFile))
        {
            foreach (var registry in JsonSerializer.Deserialize<List<Registry>>(File.ReadAllBytes(_stateFile))!)
            {
                _registries.Add((registry.Account, registry.Region), registry);
            }
        }

        foreach (var account in options.Accounts)
        {
            foreach (var registry in account.Registries)
            {
                Seed(account, registry, options.TimeProvider.GetUtcNow());
            }

            Seed(
                account,
                new(RepositoryPlace.PublicRegion) { Repositories = account.PublicRegistry?.Repositories ?? [] },
                options.TimeProvider.GetUtcNow()
            );
        }
    }

    public T Read<T>(string account, string region, Func<Registry, T> look)
    {
        lock (_gate)
        {
            return look(Find(account, region));
        }
    }

    public T Change<T>(string account, string region, Func<Registry, T> change)
    {
        lock (_gate)
        {
            var result = change(Find(account, region));
            Save();
            return result;
        }
    }

    public T Read<T>(Repository repository, Func<T> look) => Read(repository.Account, repository.Region, _ => look());

    public T Change<T>(Repository repository, Func<T> change) =>
        Change(repository.Account, repository.Region, _ => change());

    public Repository? FindRepository(string account, string region, string name) =>
        Read(account, region, registry => registry.Repositories.GetValueOrDefault(name));

    public IReadOnlyList<StoredImage> Images()
    {
        lock (_gate)
        {
            return
            [
                .. _registries
                    .Values.SelectMany(registry => registry.Repositories.Values)
                    .SelectMany(repository => repository.Images.Values.Select(image => (repository, image)))
                    .OrderBy(each => each.image.PushedAt)
                    .Select(each => new StoredImage(
                        each.repository.Account,
                        each.repository.Region,
                        each.repository.Name,
                        each.image.Digest,
                        [.. each.repository.TagsOf(each.image.Digest)],
                        each.image.MediaType
                    )),
            ];
        }
    }

    /// <summary>Deletes what was saved.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            if (_stateFile is not null)
            {
                File.Delete(_stateFile);
            }
        }
    }

    private Registry Find(string account, string region)
    {
        if (!_registries.TryGetValue((account, region), out var registry))
        {
            registry = new Registry { Account = account, Region = region };
            _registries.Add((account, region), registry);
        }

        return registry;
    }

    private void Seed(EmulatedAccount account, EmulatedRegistry definition, DateTimeOffset now)
    {
        var known = _registries.ContainsKey((account.Id, definition.Region));
        var registry = Find(account.Id, definition.Region);
        if (!known)
        {
            registry.Policy = definition.Policy;
            foreach (var (name, value) in definition.Settings)
            {
                registry.Settings[name] = value;
            }

            if (definition.SigningRules.Count > 0)
            {
                registry.Configurations[Registry.SigningConfiguration] = new()
                {
                    ["rules"] = new JsonArray([.. definition.SigningRules.Select(rule => rule.ToJson())]),
                };
            }

            foreach (var template in definition.CreationTemplates)
            {
                registry.TemplatesByPrefix[template.Prefix] = template.ToJson();
            }

            foreach (var rule in definition.PullThroughCacheRules)
            {
                registry.CacheRulesByPrefix[rule.EcrRepositoryPrefix] = rule.ToJson();
            }
        }

        registry.CreatesBeforeDenial = definition.CreatesBeforeDenial;
        foreach (var repository in definition.Repositories)
        {
            if (!RepositoryName.IsValid(repository.Name, RepositoryPlace.KindIn(definition.Region)))
            {
                throw new EmulatorConfigurationException(
                    $"'{repository.Name}' of account {account.Id} is not a valid Amazon ECR repository name."
                );
            }

            registry.Repositories.TryAdd(
                repository.Name,
                new Repository
                {
                    Name = repository.Name,
                    Account = account.Id,
                    Region = definition.Region,
                    Arn = RepositoryArn.For(account.Partition, definition.Region, account.Id, repository.Name),
                    CreatedAt = now,
                    Policy = repository.Policy,
                    TagMutability = Mutability(repository),
                    Scan = repository.Scan,
                    Tags = new(repository.Tags, StringComparer.Ordinal),
                }
            );
        }
    }

    private static TagMutability Mutability(EmulatedRepository repository)
    {
        try
        {
            return TagMutabilityModes.Parse(
                repository.ImageTagMutability,
                repository.ImageTagMutabilityExclusionFilters
            );
        }
        catch (EcrException error)
        {
            throw new EmulatorConfigurationException($"Repository {repository.Name}: {error.Message}", error);
        }
    }

    private void Save()
    {
        if (_stateFile is not null)
        {
            var draft = _stateFile + ".new";
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(_registries.Values));
            File.Move(draft, _stateFile, overwrite: true);
        }
    }
}
