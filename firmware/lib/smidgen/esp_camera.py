"""The camera of an ESP32 board, through the module `camera` that firmware for such boards brings (stock MicroPython has
none): micropython-camera-API, whose module has a class Camera, or the older micropython-camera-driver, whose functions
are the module's own. Grey pictures of 160x120: a small frame is quick to look at."""

from .errors import SensorError


class EspCamera:
    """width, height, format: of its frames."""

    width, height, format = 160, 120, "GS8"

    def __init__(self, module):
        """module: `camera`. Raises SensorError when the camera does not start."""
        self._module = module
        self._camera = None
        self._start()

    def readinto(self, buf):
        """One frame. Raises SensorError when the camera gives none; it is started anew when it is next read."""
        if self._camera is None:
            self._start()
        try:
            frame = self._camera.capture()
        except (OSError, RuntimeError) as failure:
            raise self._lost(failure)
        if not frame:
            raise self._lost("no frame")
        count = min(len(frame), len(buf))
        buf[:count] = memoryview(frame)[:count]
        return count

    def _start(self):
        module = self._module
        try:
            if hasattr(module, "Camera"):
                self._camera = module.Camera(
                    pixel_format=module.PixelFormat.GRAYSCALE, frame_size=module.FrameSize.QQVGA
                )
                return
            module.init(0, format=module.GRAYSCALE, framesize=module.FRAME_QQVGA)
            self._camera = module
        except (OSError, RuntimeError) as failure:
            raise self._lost(failure)

    def _lost(self, reason):
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.deinit()  # else it cannot be started again
        return SensorError("camera: gives no picture (%s); check its ribbon and its power" % reason)
