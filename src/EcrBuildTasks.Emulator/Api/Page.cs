using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Calls;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>Cuts an answer into pages by <c>maxResults</c> and <c>nextToken</c>.</summary>
internal static class Page
{
    public static JsonObject CreateResponse(
        EcrRequest request,
        string member,
        IReadOnlyList<JsonObject> items,
        int largest = 1000
    )
    {
        var start = request.Text("nextToken") is { } token ? Offset(token) : 0;
        var size = request.Number("maxResults") ?? Math.Min(100, largest);
        EcrException.RequirePageSize(size, largest);
        var answer = new JsonObject { [member] = new JsonArray([.. items.Skip(start).Take(size)]) };
        if (start + size < items.Count)
        {
            var next = (start + size).ToString(CultureInfo.InvariantCulture);
            answer["nextToken"] = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(next));
        }

        return answer;
    }

    private static int Offset(string token)
    {
        try
        {
            var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token));
            return int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            throw EcrException.InvalidParameter("nextToken", "Invalid token");
        }
    }
}
