using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Distribution;

/// <summary>Serves the public images without credentials.</summary>
internal sealed class PublicImageCatalog
{
    private const string NamePrefix = "public/";

    private readonly Dictionary<string, Dictionary<string, TinyImage>> _tagsByName = new(StringComparer.Ordinal);

    public PublicImageCatalog(IEnumerable<PublicImage> images)
    {
        foreach (var image in images)
        {
            if (!image.Name.StartsWith(NamePrefix, StringComparison.Ordinal))
            {
                throw new EmulatorConfigurationException(
                    $"The name of public image {image.Name} must start with {NamePrefix}"
                );
            }

            if (!_tagsByName.TryGetValue(image.Name, out var tags))
            {
                tags = new(StringComparer.Ordinal);
                _tagsByName.Add(image.Name, tags);
            }

            tags[image.Tag] = TinyImage.Build(image);
        }
    }

    /// <summary>Answers when the request reads a public image.</summary>
    /// <returns>Whether it has.</returns>
    public async Task<bool> TryAnswerAsync(HttpContext context, CallRecord record)
    {
        var path = context.Request.Path.Value ?? "";
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!reads || Find(path) is not var (tags, kind, reference))
        {
            return false;
        }

        record.Service = "public";
        record.Action = kind == "manifests" ? "GetManifest" : "GetBlob";
        var wanted = tags.TryGetValue(reference, out var tagged) ? tagged.IndexDigest : reference;
        foreach (var image in tags.Values)
        {
            if (image.Contents.TryGetValue(wanted, out var content))
            {
                context.Response.ContentType = content.MediaType;
                context.Response.ContentLength = content.Bytes.Length;
                context.Response.Headers["Docker-Content-Digest"] = wanted;
                if (HttpMethods.IsGet(context.Request.Method))
                {
                    await context.Response.Body.WriteAsync(content.Bytes, context.RequestAborted);
                }

                return true;
            }
        }

        await new OciError(
            StatusCodes.Status404NotFound,
            kind == "manifests" ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN",
            "Requested image not found"
        ).WriteAsync(context);
        return true;
    }

    private (Dictionary<string, TinyImage> Tags, string Kind, string Reference)? Find(string path)
    {
        foreach (var (name, tags) in _tagsByName)
        {
            foreach (var kind in (string[])["manifests", "blobs"])
            {
                var prefix = $"/v2/{name}/{kind}/";
                if (path.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return (tags, kind, path[prefix.Length..]);
                }
            }
        }

        return null;
    }
}
