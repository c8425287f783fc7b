using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;

namespace EcrBuildTasks.Push.Engine;

/// <summary>
/// Pushes through a Docker Engine (or Podman's service). Credentials are sent with each request: there is no login, and the docker
/// config is read for no more than the engine's address.
/// </summary>
internal sealed class DockerEnginePusher : IImagePusher, IDisposable
{
    private readonly DockerClient _client;
    private readonly TimeProvider _timeProvider;

    internal DockerEnginePusher(DockerClient client, EngineEndpoint endpoint, TimeProvider? timeProvider = null)
    {
        _client = client;
        Endpoint = endpoint;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    public EngineEndpoint Endpoint { get; }

    /// <summary>
    /// Finds the engine and checks whether it responds. An engine that is configured (by <paramref name="search"/>, else by
    /// <c>DOCKER_HOST</c>, else by the docker context) is the only one tried; otherwise the default sockets of Docker,
    /// rootless Docker, Docker Desktop and Podman are tried in turn.
    /// </summary>
    /// <exception cref="PushException">
    /// No engine responds (<see cref="EcrCode.EngineUnavailable"/>); the message lists each that was tried, and why it
    /// failed.
    /// </exception>
    public static async Task<DockerEnginePusher> OpenAsync(EngineSearch search, CancellationToken cancellationToken)
    {
        var (client, endpoint) = await EngineConnection.OpenAsync(EngineEndpoint.Candidates(search), cancellationToken);
        return new DockerEnginePusher(client, endpoint);
    }

    /// <inheritdoc/>
    public async Task<PushedImage> PushAsync(
        ImagePush push,
        IProgress<PushProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var names = new EngineNames(_client.Images);
        try
        {
            var image = await AskAsync(() => ProvideAsync(push.Source, names, cancellationToken), cancellationToken);
            var layers = new LayerLedger(progress, _timeProvider);
            var digest = await PushTagsAsync(push, image.ID!, names, layers, cancellationToken);
            var sent = layers.Layers.Sum(layer => layer.PushedBytes);
            return new PushedImage
            {
                Digest = digest,
                Tags = push.Tags,
                Platforms = new Images.Platform(image.Os, image.Architecture, image.Variant)
                    is { IsKnown: true } platform
                    ? [$"{platform}"]
                    : [],
                // The size of an image is that of its files; what is sent of them has the headers of a tar, too.
                SizeInBytes = Math.Max(image.Size, sent),
                PushedBytes = sent,
                Layers = layers.Layers,
            };
        }
        finally
        {
            await names.RestoreAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<ImageInspectResponse> ProvideAsync(
        ImageSource source,
        EngineNames names,
        CancellationToken cancellationToken
    )
    {
        switch (source)
        {
            case ImageSource.Archive or ImageSource.OciLayout:
                return await ArchiveLoad.RunAsync(_client.Images, names, source, cancellationToken);
            case ImageSource.EngineImage(var nameOrId):
                return await names.GetAsync(nameOrId, Endpoint, cancellationToken);
            default:
                throw new ArgumentException($"Unknown source {source}.", nameof(source));
        }
    }

    private async Task<string> PushTagsAsync(
        ImagePush push,
        string imageId,
        EngineNames names,
        LayerLedger layers,
        CancellationToken cancellationToken
    )
    {
        var repository = $"{push.RegistryHost}/{push.Repository}";
        var credentials = await push.GetCredentials(cancellationToken);
        var digest = "";
        foreach (var tag in push.Tags)
        {
            var stream = await PushTagAsync();
            if (stream.Error is { } refused && EngineConnection.CodeOf(refused) == EcrCode.TokenUnavailable)
            {
                credentials = await push.GetCredentials(cancellationToken);
                stream = await PushTagAsync();
            }

            if (stream.Error is { } error)
            {
                throw new PushException(
                    EngineConnection.CodeOf(error),
                    $"Pushing {repository}:{tag} failed: {error}",
                    error
                )
                {
                    Tag = tag,
                };
            }

            // An engine reports success by the digest; the end of the stream alone does not mean success.
            digest =
                stream.Digest
                ?? throw new PushException(
                    EcrCode.EngineFailed,
                    $"The Docker Engine at {Endpoint} ended the push of {repository}:{tag} without reporting a digest."
                );

            Task<PushStream> PushTagAsync() =>
                AskAsync(
                    async () =>
                    {
                        await names.RememberAsync($"{repository}:{tag}", cancellationToken);
                        return await TagAndPushAsync(imageId, repository, tag, credentials, layers, cancellationToken);
                    },
                    cancellationToken
                );
        }

        return digest;
    }

    private async Task<PushStream> TagAndPushAsync(
        string imageId,
        string repository,
        string tag,
        RegistryCredentials credentials,
        LayerLedger layers,
        CancellationToken cancellationToken
    )
    {
        await _client.Images.TagImageAsync(
            imageId,
            new ImageTagParameters { RepositoryName = repository, Tag = tag },
            cancellationToken
        );
        var stream = new PushStream(layers, tag);
        await _client.Images.PushImageAsync(
            repository,
            new ImagePushParameters { Tag = tag },
            new AuthConfig
            {
                Username = credentials.Username,
                Password = credentials.Password,
                ServerAddress = repository[..repository.IndexOf('/', StringComparison.Ordinal)],
            },
            stream,
            cancellationToken
        );
        return stream;
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> engine, CancellationToken cancellationToken)
    {
        try
        {
            return await engine();
        }
        catch (Exception e) when (EngineConnection.IsLost(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new PushException(
                EcrCode.EngineUnavailable,
                $"The connection to the Docker Engine at {Endpoint} was lost: {e.Message}",
                e.Message,
                innerException: e
            );
        }
        catch (Exception e) when (EngineConnection.IsLost(e))
        {
            // A cancellation can make the transport fail with another exception.
            throw new OperationCanceledException("The push was cancelled.", e, cancellationToken);
        }
        catch (DockerApiException e)
        {
            throw EngineConnection.Failure(e, $"The Docker Engine at {Endpoint} rejected a request");
        }
        catch (JsonException e)
        {
            throw EngineConnection.Unreadable(Endpoint, e);
        }
    }
}
