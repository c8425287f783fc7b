using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Push.Engine;

/// <summary>
/// Remembers which images the engine's names stood for, and gives the names back: a push needs names in the engine for a
/// while, and the user's own must come out of it unchanged.
/// </summary>
internal sealed class EngineNames(IImageOperations images)
{
    private static readonly TimeSpan TimeToRestore = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, string?> _imageIds = new(StringComparer.Ordinal);
    private string? _imageToRemove;

    /// <summary>Remembers a name, if it is not remembered already, before it is used for something else.</summary>
    public async Task RememberAsync(string name, CancellationToken cancellationToken)
    {
        if (!_imageIds.ContainsKey(name))
        {
            _imageIds[name] = (await FindAsync(name, cancellationToken))?.ID;
        }
    }

    /// <summary>Has the image removed with its last name.</summary>
    public void RemoveAfterwards(string imageId) => _imageToRemove = imageId;

    public async Task<ImageInspectResponse?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            return await images.InspectImageAsync(nameOrId, cancellationToken);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <exception cref="PushException">The engine does not have the image.</exception>
    public async Task<ImageInspectResponse> GetAsync(
        string nameOrId,
        EngineEndpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(nameOrId, cancellationToken) is { } image)
        {
            return image;
        }

        var near = NearNames.Find(nameOrId, await ListAsync(cancellationToken), farthest: 3);
        throw new PushException(
            EcrCode.SourceImageMissing,
            $"The Docker Engine at {endpoint} does not have the image {nameOrId}.{(near is [var nearest, ..] ? $" Did you mean {nearest}?" : "")}"
        );
    }

    /// <returns>None if the engine does not tell; they only serve a suggestion.</returns>
    private async Task<IEnumerable<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await images.ListImagesAsync(new ImagesListParameters(), cancellationToken);
            return all.SelectMany(known => known.RepoTags ?? []);
        }
        catch (Exception failure) when (failure is DockerApiException or JsonException)
        {
            return [];
        }
    }

    /// <summary>
    /// Puts every remembered name back, also after a cancellation. Best effort: a push that succeeded does not fail
    /// because the engine keeps a name.
    /// </summary>
    public async Task RestoreAsync()
    {
        using var deadline = new CancellationTokenSource(TimeToRestore);
        foreach (var (name, imageId) in _imageIds)
        {
            await TryAsync(() => RestoreAsync(name, imageId, deadline.Token));
        }

        if (_imageToRemove is { } image)
        {
            // Not forced: the engine refuses when another name or a container has come to need it.
            await TryAsync(() => images.DeleteImageAsync(image, new ImageDeleteParameters(), deadline.Token));
        }
    }

    private async Task RestoreAsync(string name, string? imageId, CancellationToken cancellationToken)
    {
        var now = await FindAsync(name, cancellationToken);
        if (now?.ID == imageId)
        {
            return;
        }

        if (imageId is not null)
        {
            var (repository, tag) = Split(name);
            var parameters = new ImageTagParameters { RepositoryName = repository, Tag = tag };
            await images.TagImageAsync(imageId, parameters, cancellationToken);
        }
        else if (now!.RepoTags?.Count > 1 || now.ID == _imageToRemove)
        {
            await images.DeleteImageAsync(name, new ImageDeleteParameters(), cancellationToken);
        }

        // Else the name is the only one of an image that had none, and an engine deletes an image with its last name.
    }

    private static (string Repository, string Tag) Split(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, "latest");
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e)
            when (e
                    is DockerApiException
                        or HttpRequestException
                        or IOException
                        or JsonException
                        or OperationCanceledException
            )
        {
            // See RestoreAsync.
        }
    }
}
