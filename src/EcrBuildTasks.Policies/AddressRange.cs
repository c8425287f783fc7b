using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EcrBuildTasks.Policies;

/// <summary>The addresses of a CIDR range; no prefix means one address.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AddressRange(AddressFamily Family, UInt128 First, UInt128 Last)
{
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var family, out var address))
        {
            return false;
        }

        var bits = family is AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (
            slash >= 0
            && !(
                int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
                && prefix <= bits
            )
        )
        {
            return false;
        }

        // A shift by the whole width would shift by nothing: a prefix of 128 is its own case.
        var hosts = bits == prefix ? UInt128.Zero : UInt128.MaxValue >> (128 - (bits - prefix));
        range = new AddressRange(family, address & ~hosts, address | hosts);
        return true;
    }

    public static bool TryParseAddress(string text, out AddressFamily family, out UInt128 address)
    {
        (family, address) = (default, default);
        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        family = parsed.AddressFamily;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var length);
        address =
            length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    public static string Format(AddressFamily family, UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(family is AddressFamily.InterNetwork ? bytes[12..] : bytes).ToString();
    }

    public bool Contains(AddressFamily family, UInt128 address) =>
        family == Family && address >= First && address <= Last;
}
