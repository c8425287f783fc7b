using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Images;

namespace EcrBuildTasks.Push.Engine;

/// <summary>Has an engine give out an image that it holds.</summary>
internal static class EngineExport
{
    /// <summary>The image's id: with an engine's usual storage, the digest of its configuration.</summary>
    /// <exception cref="PushException">No engine answers, or it has no such image.</exception>
    public static async Task<string> FindIdAsync(
        string nameOrId,
        EngineSearch search,
        CancellationToken cancellationToken
    )
    {
        var (client, endpoint) = await OpenAsync(search, cancellationToken);
        using var _ = client;
        return await FindIdAsync(client, endpoint, nameOrId, cancellationToken);
    }

    /// <summary>Receives the image; its layers are compressed while they come in.</summary>
    /// <param name="nameOrId">The image's name with tag, or its id.</param>
    /// <param name="search">Where the engine is.</param>
    /// <param name="workspace">Where its layers are kept.</param>
    /// <exception cref="PushException">No engine answers, it has no such image, or the export failed.</exception>
    public static async Task<ImageFiles> ReceiveAsync(
        string nameOrId,
        EngineSearch search,
        Workspace workspace,
        CancellationToken cancellationToken
    )
    {
        var (client, endpoint) = await OpenAsync(search, cancellationToken);
        using var _ = client;
        // By its id: an engine adds other images to an export that a name without a tag fits, too.
        var id = await FindIdAsync(client, endpoint, nameOrId, cancellationToken);
        try
        {
            await using var tar = await client.Images.SaveImageAsync(id, cancellationToken);
            // The tar reader reads zero bytes at the end of a file, which the stream of the client treats as its own end.
            await using var buffered = new BufferedStream(tar, 1 << 16);
            return await TarReception.RunAsync(nameOrId, buffered, workspace, cancellationToken);
        }
        catch (DockerApiException failure)
        {
            throw EngineConnection.Failure(failure, $"The Docker Engine at {endpoint} could not export {nameOrId}");
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not PushException)
        {
            // A cancellation can make the transport fail with another exception.
            throw new OperationCanceledException("The export was cancelled.", failure, cancellationToken);
        }
        catch (Exception failure)
            when (failure.GetType() == typeof(IOException) && failure.InnerException is not SocketException)
        {
            throw Workspace.Failure(nameOrId, failure);
        }
        catch (Exception failure) when (EngineConnection.IsLost(failure) || TarFiles.IsOfTar(failure))
        {
            throw new PushException(
                EcrCode.EngineUnavailable,
                $"The connection to the Docker Engine at {endpoint} was lost while exporting {nameOrId}: {failure.Message}",
                failure.Message,
                innerException: failure
            );
        }
    }

    private static Task<(DockerClient Client, EngineEndpoint Endpoint)> OpenAsync(
        EngineSearch search,
        CancellationToken cancellationToken
    ) => EngineConnection.OpenAsync(EngineEndpoint.Candidates(search), cancellationToken);

    private static async Task<string> FindIdAsync(
        DockerClient client,
        EngineEndpoint endpoint,
        string nameOrId,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await new EngineNames(client.Images).GetAsync(nameOrId, endpoint, cancellationToken)).ID!;
        }
        catch (DockerApiException failure)
        {
            throw EngineConnection.Failure(failure, $"The Docker Engine at {endpoint} could not find {nameOrId}");
        }
        catch (JsonException failure)
        {
            throw EngineConnection.Unreadable(endpoint, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw new PushException(
                EcrCode.EngineUnavailable,
                $"The connection to the Docker Engine at {endpoint} was lost before exporting {nameOrId}: {failure.Message}",
                failure.Message,
                innerException: failure
            );
        }
    }
}
